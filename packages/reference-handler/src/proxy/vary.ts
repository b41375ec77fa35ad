// What the answer of an API depends on, as it looks to caches between browser and proxy.
import { normalizeName } from './header-lines.ts'
import { remember } from './remember.ts'
import { isForwarded } from './removed-headers.ts'

/** Whether caches between browser and proxy see the header that the API sees. */
const isSeen = (name: string) => name === 'host' || name === 'authorization' || isForwarded(name)

/**
 * The one `Vary` line of an answer. What the API makes of the access token, it makes of a cookie as caches
 * and browsers see it: so the answer varies by `Cookie`, unless the API shares it among users. What the
 * API makes of anything else that the proxy tells it, such as the address of the client, no header of
 * the request shows.
 *
 * One line, because nginx before 1.23 reads the last one only; `*` alone, because nginx takes it for the
 * name of a header beside others.
 *
 * @param upstream - the API's `Vary`, its lines joined; empty if it has none
 * @param isShared - whether the API lets caches give the answer to other users
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110#section-12.5.5 RFC 9110 section 12.5.5}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9111#section-4.1 RFC 9111 section 4.1}
 */
export const varyLine = (upstream: string, isShared: boolean): string =>
  isShared ? varyOfShared(upstream) : varyOfPersonal(upstream)

const varyOfShared = remember((upstream) => writeVary(upstream, false))
const varyOfPersonal = remember((upstream) => writeVary(upstream, true))

function writeVary(upstream: string, isPersonal: boolean): string {
  let names = ''
  let needsCookie = isPersonal
  if (upstream !== '') {
    for (const item of upstream.split(',')) {
      const name = item.trim()
      const normalized = normalizeName(name)
      if (normalized === '*') return '*'
      if (normalized === 'authorization') needsCookie = true
      if (normalized === 'cookie') needsCookie = true
      else if (!isSeen(normalized)) return '*'
      else if (normalized !== 'origin' && name !== '') names += `${name}, `
    }
  }
  return names + (needsCookie ? 'Cookie, Origin' : 'Origin')
}

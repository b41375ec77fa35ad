// The browser's request, out of the one with which a gateway asks about it.
import type { ProxyRequest } from '../proxy/oauth-proxy.ts'
import type { GatewayProfile } from './profiles.ts'

/** The request, or what the gateway failed to say about it. */
export type OriginalRequest =
  | { readonly kind: 'read'; readonly request: ProxyRequest }
  | { readonly kind: 'unclear'; readonly reason: string }

/**
 * Reads the browser's request. What a header has to say, exactly one line has to say: a second one may be the
 * browser's own.
 */
export function readOriginal(asked: ProxyRequest, profile: GatewayProfile): OriginalRequest {
  const { headers: lines, connection } = asked
  const said = new Map<string, string[]>()
  for (const name of [profile.method, profile.target, profile.host, profile.upgrade]) {
    if (name !== undefined) said.set(name, [])
  }
  const headers: string[] = []
  for (let index = 0; index < lines.length; index += 2) {
    const [line = '', value = ''] = [lines[index], lines[index + 1]]
    const name = line.toLowerCase()
    const values = said.get(name)
    if (values !== undefined) values.push(value)
    else if (!isReplaced(name, profile)) headers.push(line, value)
  }

  for (const name of [profile.method, profile.target, profile.host]) {
    if (name === undefined) continue
    const count = said.get(name)?.length
    if (count !== 1)
      return unclear(`The gateway has to say ${name} once, and said it ${count} times.`)
  }
  const only = (name: string | undefined) => (name === undefined ? undefined : said.get(name)?.[0])
  const upgrades = said.get(profile.upgrade ?? '') ?? []
  if (upgrades.length > 1) return unclear(`The gateway may say ${profile.upgrade} once.`)
  const upgrade = upgrades[0]
  if (upgrade) headers.push('upgrade', upgrade, 'connection', 'upgrade')
  const host = only(profile.host)
  if (host !== undefined) headers.push('host', host)
  const { method = asked.method, target = asked.target } = {
    method: only(profile.method),
    target: only(profile.target),
  }
  return { kind: 'read', request: { method, target, headers, connection } }
}

/** The gateway's own, in place of which the browser's comes from another header. */
const isReplaced = (name: string, { host, upgrade }: GatewayProfile): boolean =>
  (host !== undefined && name === 'host') ||
  (upgrade !== undefined && (name === 'upgrade' || name === 'connection'))

const unclear = (reason: string): OriginalRequest => ({ kind: 'unclear', reason })

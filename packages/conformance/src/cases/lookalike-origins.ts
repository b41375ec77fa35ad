// Origins that are almost the trusted one.
import type { UserBrowser } from '../browser.ts'
import type { ConformanceCase } from '../case.ts'
import { checkEqual } from '../failure.ts'
import { checkRefusal, signIn, spaHeaders, target } from '../steps.ts'
import type { Subject } from '../subject.ts'

/** Each differs from the origin in a way that some comparison overlooks. */
function lookalikesOf(origin: string): readonly string[] {
  const { protocol, hostname, host, port } = new URL(origin)
  return [
    `${protocol === 'https:' ? 'http:' : 'https:'}//${host}`,
    `${protocol}//${hostname}:${port === '8443' ? '8444' : '8443'}`,
    `${protocol}//${hostname}.${port && `:${port}`}`,
    `${protocol}//evil.${host}`,
    `${protocol}//evil@${host}`,
    origin.toUpperCase(),
    `${origin}/`,
    `${origin}, ${origin}`,
    '',
  ]
}

/** Requires a request to be refused from every lookalike, and the refusal to be unreadable there. */
async function checkRefused(
  subject: Subject,
  browser: UserBrowser,
  { url, method }: ReturnType<typeof target>,
): Promise<void> {
  // Where an empty one is dropped, a GET is one of the same origin. Browsers send none.
  const isEmptySeen = method !== 'GET' || subject.capabilities.has('empty-origin')
  const lookalikes = lookalikesOf(subject.origin).filter((origin) => origin !== '' || isEmptySeen)
  for (const origin of lookalikes) {
    const headers = { ...spaHeaders(subject), origin }
    const response = await browser.sendRaw(url, { method, headers })
    const allowed = response.headers.get('access-control-allow-origin')
    checkEqual(allowed, null, `Access-Control-Allow-Origin for "${origin}"`)
    await checkRefusal(response, 403, 'untrusted_request')
  }
}

const CLAUSE = 'RFC 6454 section 5'

/** Compared character by character, at the agent and at the proxy. */
export const lookalikeOriginCases: readonly ConformanceCase[] = [
  {
    id: 'origins-are-compared-exactly',
    title:
      'An origin that differs from the trusted one in scheme, port, case or a single dot is refused',
    clause: CLAUSE,
    needs: [],
    run: async (context) => {
      const { subject, browser } = context
      await signIn(context)
      await checkRefused(subject, browser, target(subject, 'session'))
      await checkRefused(subject, browser, target(subject, 'refresh'))
    },
  },
  {
    id: 'api-origins-are-compared-exactly',
    title:
      'An API call is refused from an origin that differs from the trusted one in scheme, port, case or a single dot',
    clause: CLAUSE,
    needs: ['proxy'],
    run: async (context) => {
      const { subject, browser } = context
      await signIn(context)
      await checkRefused(subject, browser, { url: subject.apiUrl, method: 'GET' })
    },
  },
]

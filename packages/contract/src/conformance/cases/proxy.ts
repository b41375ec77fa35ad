// The OAuth Proxy in front of the API.
import { cookieName, VERSION_HEADER } from '../../protocol.ts'
import type { CaseContext, ConformanceCase } from '../case.ts'
import { check, checkEqual } from '../failure.ts'
import type { Cookie } from '../set-cookie.ts'
import { checkRefusal, cookieFor, signIn, spaHeaders, versionHeader } from '../steps.ts'
import type { EchoedRequest } from '../subject.ts'

/** An API request of a signed-in user with some headers changed. */
async function signedInRequest(
  context: CaseContext,
  headers: Record<string, string>,
): Promise<Response> {
  const { subject, browser } = context
  await signIn(context)
  return browser.sendRaw(subject.apiUrl, { headers: { ...spaHeaders(subject), ...headers } })
}

async function checkUnauthorized(response: Response): Promise<void> {
  const challenge = response.headers.get('www-authenticate') ?? ''
  await checkRefusal(response, 401, 'unauthorized')
  check(/^Bearer\b/i.test(challenge), 'WWW-Authenticate is not a Bearer challenge')
}

/** A case in which the API is called with a proxy cookie that is not the one issued. */
const forgedCookie = (
  id: string,
  title: string,
  forge: (context: CaseContext, issued: Cookie) => string,
): ConformanceCase => ({
  id,
  title,
  clause: 'token-handler-1, cookies',
  needs: ['proxy', 'cookies'],
  run: async (context) => {
    const { subject, browser } = context
    await signIn(context)
    const issued = cookieFor(browser, 'proxy')
    const cookie = `${issued.name}=${forge(context, issued)}`
    const headers = { ...spaHeaders(subject), cookie }
    await checkUnauthorized(await browser.sendRaw(subject.apiUrl, { headers }))
  },
})

/** Changes one character in the middle, where every bit counts. */
function tamper(value: string): string {
  const middle = Math.floor(value.length / 2)
  return value.slice(0, middle) + (value[middle] === 'A' ? 'B' : 'A') + value.slice(middle + 1)
}

const refusals: readonly ConformanceCase[] = [
  {
    id: 'api-without-a-session',
    title: 'An API call without a session answers 401 with a Bearer challenge',
    clause: 'RFC 6750 section 3',
    needs: ['proxy'],
    run: async ({ subject, browser }) => {
      const page = browser.open(subject.origin)
      const init = { credentials: 'include', headers: versionHeader } as const
      await checkUnauthorized(await page.fetch(subject.apiUrl, init))
    },
  },
  {
    id: 'api-without-version-header',
    title: 'An API call without the version header is refused, GET included',
    clause: 'OAuth 2.0 for Browser-Based Applications, CSRF protection with a custom header',
    needs: ['proxy'],
    run: async (context) => {
      const response = await signedInRequest(context, { [VERSION_HEADER]: '' })
      await checkRefusal(response, 403, 'untrusted_request')
    },
  },
  {
    id: 'api-from-untrusted-origin',
    title: 'An API call from an untrusted origin is refused, signed in or not',
    clause: 'RFC 6454 section 7',
    needs: ['proxy'],
    run: async (context) => {
      const response = await signedInRequest(context, { origin: 'https://evil.example' })
      await checkRefusal(response, 403, 'untrusted_request')
    },
  },
]

const cookieRefusals: readonly ConformanceCase[] = [
  forgedCookie(
    'tampered-proxy-cookie',
    'A proxy cookie with one character changed opens nothing',
    (_context, { value }) => tamper(value),
  ),
  forgedCookie(
    'truncated-proxy-cookie',
    'A proxy cookie that was cut off opens nothing',
    (_context, { value }) => value.slice(0, -8),
  ),
  forgedCookie(
    'proxy-cookie-sent-twice',
    'Two proxy cookies open nothing: one of them was planted by another host',
    (_context, { name, value }) => `${value}; ${name}=${value}`,
  ),
  forgedCookie('empty-proxy-cookie', 'An empty proxy cookie opens nothing', () => ''),
  forgedCookie(
    'session-cookie-as-proxy-cookie',
    'The session cookie sent as proxy cookie opens nothing: each role has its own key',
    ({ browser }) => cookieFor(browser, 'session').value,
  ),
]

const echoes: readonly ConformanceCase[] = [
  {
    id: 'api-receives-a-bearer-token-and-no-cookie',
    title: 'The API receives a bearer token in place of the cookies and of what the client claimed',
    clause: 'RFC 6750 section 2.1',
    needs: ['proxy', 'cookies', 'echo'],
    run: async (context) => {
      const response = await signedInRequest(context, { authorization: 'Basic bWFkZTp1cA==' })
      checkEqual(response.status, 200, 'status of the API')
      const { headers } = (await response.json()) as EchoedRequest
      checkEqual(headers['authorization'], 'Bearer', 'the scheme the API sees')
      const suffixes = [cookieName('', 'proxy'), cookieName('', 'session')]
      const cookie = headers['cookie'] ?? ''
      check(!suffixes.some((suffix) => cookie.includes(`${suffix}=`)), 'the API sees our cookies')
    },
  },
]

/** What the proxy lets through, and what not. */
export const proxyCases: readonly ConformanceCase[] = [...refusals, ...cookieRefusals, ...echoes]

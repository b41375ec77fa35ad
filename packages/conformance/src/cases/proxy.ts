// The OAuth Proxy in front of the API.
import type { CaseContext, ConformanceCase } from '../case.ts'
import { check, checkEqual } from '../failure.ts'
import type { Cookie } from '../set-cookie.ts'
import {
  callApi,
  checkChallenge,
  checkRefusal,
  cookieFor,
  signIn,
  spaHeaders,
  versionHeader,
} from '../steps.ts'

async function checkUnauthorized(response: Response): Promise<void> {
  const challenge = response.headers.get('www-authenticate') ?? ''
  await checkRefusal(response, 401, 'unauthorized')
  checkChallenge(challenge)
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

const withoutSession: ConformanceCase = {
  id: 'api-without-a-session',
  title: 'An API call without a session answers 401 with a Bearer challenge',
  clause: 'RFC 6750 section 3',
  needs: ['proxy'],
  run: async ({ subject, browser }) => {
    const page = browser.open(subject.origin)
    const init = { credentials: 'include', headers: versionHeader } as const
    await checkUnauthorized(await page.fetch(subject.apiUrl, init))
  },
}

/** Of an API that says nothing about caches. */
const forOneUser: ConformanceCase = {
  id: 'api-answers-are-for-one-user',
  title:
    'The answer of an API is for one user: private, and varying by the cookie that stands for the token',
  clause: 'RFC 9111 sections 3.5 and 4.1',
  needs: ['proxy'],
  run: async (context) => {
    const response = await callApi(await signIn(context), context.subject)
    checkEqual(response.status, 200, 'status of the API')
    const { headers } = context.browser.exchanges().at(-1) ?? response
    const cacheControl = headers.get('cache-control') ?? ''
    check(/\b(?:private|no-store)\b/i.test(cacheControl), 'shared caches may store it')
    check(/\bcookie\b|\*/i.test(headers.get('vary') ?? ''), 'Vary does not name Cookie')
  },
}

/** What opens the proxy, and what does not. */
export const proxyCases: readonly ConformanceCase[] = [
  withoutSession,
  forOneUser,
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

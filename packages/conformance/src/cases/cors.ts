// What pages of other origins may send and read.
import { operations } from '@token-handler/contract'
import type { Page, UserBrowser } from '../browser.ts'
import type { ConformanceCase } from '../case.ts'
import { check, checkEqual } from '../failure.ts'
import {
  callApi,
  checkRefusal,
  checkSignedIn,
  performRefused,
  signIn,
  target,
  versionHeader,
} from '../steps.ts'
import type { Subject } from '../subject.ts'

const untrustedOrigin = 'https://evil.example'

/** Requires that a page gets to see no answer of any of its calls. */
async function checkBlocked(calls: readonly Promise<Response>[]): Promise<void> {
  const outcomes = await Promise.allSettled(calls)
  const answered = outcomes.filter(({ status }) => status === 'fulfilled').length
  checkEqual(answered, 0, `the number of answers, of ${calls.length}, that the page could read`)
}

const preflight = (method: string, origin: string): RequestInit => ({
  method: 'OPTIONS',
  headers: {
    origin,
    'access-control-request-method': method,
    'access-control-request-headers': Object.keys(versionHeader).join(','),
  },
})

/** Everything a page may want to call: its name, URL and method. */
const targetsOf = (
  subject: Subject,
): readonly { readonly name: string; readonly url: string; readonly method: string }[] => [
  ...operations.map((name) => ({ name, ...target(subject, name) })),
  ...(subject.capabilities.has('proxy')
    ? [{ name: 'the API', url: subject.apiUrl, method: 'GET' }]
    : []),
]

const callEverything = (page: Page, subject: Subject): readonly Promise<Response>[] => [
  ...operations.map((operation) => page.call(operation)),
  ...(subject.capabilities.has('proxy') ? [callApi(page, subject)] : []),
]

/** A page of the SPA's own host, on a port that is not trusted: the same site, so it gets the cookies. */
function neighbourOf({ origin }: Subject, browser: UserBrowser): Page {
  const url = new URL(origin)
  url.port = url.port === '8443' ? '8444' : '8443'
  return browser.open(url.origin)
}

/** CORS, for the SPA's origin and for others. */
export const corsCases: readonly ConformanceCase[] = [
  {
    id: 'preflight-of-the-trusted-origin',
    title: 'A preflight of the SPA is answered with its exact origin and credentials',
    clause: 'Fetch section 3.3, CORS protocol',
    needs: ['cors'],
    run: async ({ subject, browser }) => {
      for (const { name, url, method } of targetsOf(subject)) {
        const { headers, ok } = await browser.sendRaw(url, preflight(method, subject.origin))
        check(ok, `the preflight of ${name} is refused`)
        const allowed = headers.get('access-control-allow-origin')
        checkEqual(allowed, subject.origin, 'Access-Control-Allow-Origin')
        checkEqual(headers.get('access-control-allow-credentials'), 'true', 'credentials')
        check(/\borigin\b/i.test(headers.get('vary') ?? ''), 'Vary does not name Origin')
      }
    },
  },
  {
    id: 'preflight-of-an-untrusted-origin',
    title: 'A preflight of an untrusted origin gets no Access-Control-Allow-Origin',
    clause: 'Fetch section 3.3, CORS protocol',
    needs: ['cors'],
    run: async ({ subject, browser }) => {
      for (const origin of [untrustedOrigin, 'null', `${subject.origin}.evil.example`]) {
        for (const { url, method } of targetsOf(subject)) {
          const { headers } = await browser.sendRaw(url, preflight(method, origin))
          const allowed = headers.get('access-control-allow-origin')
          checkEqual(allowed, null, `Access-Control-Allow-Origin for ${origin}`)
        }
      }
    },
  },
  {
    id: 'page-of-another-site-is-blocked',
    title: "A page of another site can call nothing in a signed-in user's browser",
    clause: 'OAuth 2.0 for Browser-Based Applications, CSRF protection with a custom header',
    needs: ['cors'],
    run: async (context) => {
      const { subject, browser } = context
      await signIn(context)
      await checkBlocked(callEverything(browser.open(untrustedOrigin), subject))
    },
  },
  {
    id: 'untrusted-page-of-the-same-site-is-blocked',
    title:
      'A page of the same site but an untrusted origin can call nothing: SameSite alone would let it',
    clause: 'OAuth 2.0 for Browser-Based Applications, CSRF protection with a custom header',
    needs: ['cors'],
    run: async (context) => {
      const { subject, browser } = context
      await signIn(context)
      await checkBlocked(callEverything(neighbourOf(subject, browser), subject))
    },
  },
  {
    id: 'simple-request-changes-nothing',
    title: 'A request that needs no preflight, as a form of any page can send, changes nothing',
    clause: 'OAuth 2.0 for Browser-Based Applications, CSRF protection with a custom header',
    needs: ['cors'],
    run: async (context) => {
      const { subject, browser } = context
      const page = await signIn(context)
      for (const operation of ['logout', 'refresh'] as const) {
        const { url, method } = target(subject, operation)
        const init = {
          method,
          body: new URLSearchParams({ a: 'b' }),
          credentials: 'include',
        } as const
        await checkBlocked([neighbourOf(subject, browser).fetch(url, init)])
        await checkRefusal(await page.fetch(url, init), 403, 'untrusted_request')
      }
      await checkSignedIn(page, true)
    },
  },
  {
    id: 'errors-are-readable-for-the-spa',
    title: 'The SPA can read errors, and the headers it needs to act on them',
    clause: 'Fetch section 3.3.3, Access-Control-Expose-Headers',
    needs: ['cors', 'proxy'],
    run: async ({ subject, browser }) => {
      const page = browser.open(subject.origin)
      await performRefused(page, 'refresh', 401, 'session_expired')
      const response = await callApi(page, subject)
      checkEqual(response.status, 401, 'status of the API')
      check(response.headers.has('www-authenticate'), 'WWW-Authenticate is not exposed')
      const { headers } = browser.exchanges().at(-1) ?? response
      const exposed = headers.get('access-control-expose-headers') ?? ''
      check(/\bretry-after\b/i.test(exposed), 'Retry-After is not exposed')
    },
  },
  {
    id: 'answers-vary-by-origin',
    title: 'Every answer says that it depends on the Origin, also where the request has none',
    clause: 'Fetch section 3.3.5, CORS protocol and HTTP caches',
    needs: ['cors'],
    run: async ({ subject, browser }) => {
      for (const { name, url, method } of targetsOf(subject)) {
        for (const headers of [{}, { origin: subject.origin }, { origin: untrustedOrigin }]) {
          const vary = (await browser.sendRaw(url, { method, headers })).headers.get('vary') ?? ''
          check(/\borigin\b|\*/i.test(vary), `Vary does not name Origin at ${name}`)
        }
      }
    },
  },
  {
    id: 'no-wildcard-origin',
    title: 'No answer ever allows every origin',
    clause: 'Fetch section 3.3.5, CORS protocol and credentials',
    needs: ['cors'],
    run: async (context) => {
      const { subject, browser } = context
      await signIn(context)
      await Promise.allSettled(callEverything(browser.open(untrustedOrigin), subject))
      await browser.sendRaw(target(subject, 'session').url)
      for (const { headers } of browser.exchanges()) {
        const allowed = headers.get('access-control-allow-origin') ?? subject.origin
        checkEqual(allowed, subject.origin, 'Access-Control-Allow-Origin')
      }
    },
  },
]

// The cookies, as a browser's jar sees them.
import type { ConformanceCase } from '../case.ts'
import { check, checkEqual } from '../failure.ts'
import type { Cookie } from '../set-cookie.ts'
import {
  authenticate,
  checkRefusal,
  checkSignedIn,
  cookieFor,
  cookiesFor,
  perform,
  performRefused,
  readResult,
  signIn,
  spaHeaders,
  target,
} from '../steps.ts'

function checkAttributes({ name, secure, httpOnly, sameSite, path, hostOnly }: Cookie): void {
  check(secure, `${name} is not Secure`)
  check(httpOnly, `${name} is not HttpOnly`)
  checkEqual(sameSite, 'strict', `SameSite of ${name}`)
  checkEqual(path, '/', `Path of ${name}`)
  check(hostOnly, `${name} has a Domain`)
}

/** What the cookies are, when they come, and when they go. */
export const cookieCases: readonly ConformanceCase[] = [
  {
    id: 'cookie-attributes',
    title: 'Every cookie is Secure, HttpOnly, SameSite=Strict, Path=/ and without a Domain',
    clause: 'OAuth 2.0 for Browser-Based Applications, cookie security',
    needs: ['cookies'],
    run: async (context) => {
      const { subject, browser } = context
      const page = browser.open(subject.origin)
      const callback = await authenticate(context, page)
      checkAttributes(cookieFor(browser, 'login'))
      await perform(page, 'endLogin', callback)
      checkAttributes(cookieFor(browser, 'proxy'))
      checkAttributes(cookieFor(browser, 'session'))
      await perform(page, 'refresh')
      browser.cookies().forEach(checkAttributes)
      checkEqual(browser.refusedCookies(), [], 'the list of cookies the browser refused')
    },
  },
  {
    id: 'cookies-are-out-of-reach-of-scripts',
    title: "document.cookie is empty, even on a page of the agent's own host",
    clause: 'RFC 6265 section 5.3, HttpOnly',
    needs: ['cookies'],
    run: async (context) => {
      const { subject, browser } = context
      await signIn(context)
      await perform(browser.open(subject.origin), 'startLogin')
      checkEqual(browser.open(subject.agentUrl).documentCookie(), '', 'document.cookie')
    },
  },
  {
    id: 'login-cookie-is-short-lived',
    title: 'The login cookie lasts ten minutes at most',
    clause: 'RFC 9700 section 4.7',
    needs: ['cookies'],
    run: async ({ subject, browser }) => {
      const before = Date.now()
      await perform(browser.open(subject.origin), 'startLogin')
      const { expiresAt } = cookieFor(browser, 'login')
      check(expiresAt !== undefined, 'it lasts as long as the browser')
      check(expiresAt - before < 11 * 60_000, 'it lasts longer')
    },
  },
  {
    id: 'login-cookie-goes-in-every-outcome',
    title: 'The login cookie is cleared when the login ends, well or not',
    clause: 'RFC 9700 section 4.7',
    needs: ['cookies'],
    run: async (context) => {
      const { subject, browser } = context
      const page = browser.open(subject.origin)
      await perform(page, 'endLogin', await authenticate(context, page))
      checkEqual(cookiesFor(browser, 'login').length, 0, 'number of login cookies after success')
      const refused = await authenticate(context, page, { error: 'access_denied' })
      await performRefused(page, 'endLogin', 400, 'access_denied', refused)
      checkEqual(cookiesFor(browser, 'login').length, 0, 'number of login cookies after failure')
    },
  },
  {
    id: 'session-sets-no-cookies',
    title: 'Asking for the session sets no cookie, signed in or not',
    clause: 'token-handler-1, session',
    needs: ['cookies'],
    run: async (context) => {
      const { subject, browser } = context
      await checkSignedIn(browser.open(subject.origin), false)
      await checkSignedIn(await signIn(context), true)
      const { url } = target(subject, 'session')
      const answers = browser.exchanges().filter((exchange) => exchange.url === url)
      const setCookies = answers.flatMap(({ headers }) => headers.getSetCookie())
      checkEqual(setCookies.length, 0, 'number of Set-Cookie headers')
    },
  },
  {
    id: 'refresh-rewrites-both-cookies',
    title: 'A refresh rewrites proxy and session cookie',
    clause: 'token-handler-1, refresh',
    needs: ['cookies', 'expire-access-token'],
    run: async (context) => {
      const { subject, browser } = context
      const page = await signIn(context)
      const before = [cookieFor(browser, 'proxy').value, cookieFor(browser, 'session').value]
      await subject.expireAccessToken?.()
      await perform(page, 'refresh')
      check(cookieFor(browser, 'proxy').value !== before[0], 'the proxy cookie is the same')
      check(cookieFor(browser, 'session').value !== before[1], 'the session cookie is the same')
    },
  },
  {
    id: 'logout-clears-every-cookie',
    title: 'Logout clears every cookie, those of a login that was never ended too',
    clause: 'token-handler-1, logout',
    needs: ['cookies'],
    run: async (context) => {
      const page = await signIn(context)
      await perform(page, 'startLogin')
      await perform(page, 'logout')
      const left = context.browser.cookies().map(({ name }) => name)
      checkEqual(left, [], 'the list of cookies left')
    },
  },
  {
    id: 'session-cookie-sent-twice',
    title: 'Two session cookies are refused: one of them was planted by another host',
    clause: 'RFC 6265 section 8.6, weak integrity',
    needs: ['cookies'],
    run: async (context) => {
      const { subject, browser } = context
      await signIn(context)
      const { name, value } = cookieFor(browser, 'session')
      const headers = { ...spaHeaders(subject), cookie: `${name}=${value}; ${name}=${value}` }
      const { url, method } = target(subject, 'refresh')
      const response = await browser.sendRaw(url, { method, headers })
      await checkRefusal(response, 400, 'invalid_request')
    },
  },
  {
    id: 'unreadable-session-cookie',
    title:
      'With an unreadable session cookie nobody is signed in, and a refresh answers session_expired',
    clause: 'token-handler-1, session and refresh',
    needs: ['cookies'],
    run: async (context) => {
      const { subject, browser } = context
      await signIn(context)
      const { name, value } = cookieFor(browser, 'session')
      const headers = { ...spaHeaders(subject), cookie: `${name}=x${value}` }
      const asked = await browser.sendRaw(target(subject, 'session').url, { headers })
      checkEqual((await readResult('session', asked)).isLoggedIn, false, 'is_logged_in')
      const { url, method } = target(subject, 'refresh')
      const refreshed = await browser.sendRaw(url, { method, headers })
      await checkRefusal(refreshed, 401, 'session_expired')
      checkEqual(cookiesFor(browser, 'session').length, 0, 'number of session cookies afterwards')
    },
  },
]

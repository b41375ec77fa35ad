// Several users, several browsers, and cookies that end up in the wrong place.
import type { ConformanceCase } from '../case.ts'
import { check, checkEqual } from '../failure.ts'
import {
  authenticate,
  callWithCookies,
  checkRefusal,
  cookieFor,
  cookiesFor,
  perform,
  readResult,
  signIn,
} from '../steps.ts'

/** Each browser has its own session, and each cookie its own place. */
export const browserCases: readonly ConformanceCase[] = [
  {
    id: 'two-browsers-two-users',
    title: 'Two users in two browsers each have their own session',
    clause: 'token-handler-1, session',
    needs: ['cookies'],
    run: async (context) => {
      const one = await signIn(context)
      const other = await signIn(context, context.newBrowser(), 'second')
      const [first, second] = [await perform(one, 'session'), await perform(other, 'session')]
      check(first.claims?.['sub'] !== second.claims?.['sub'], 'both sessions are of one user')
    },
  },
  {
    id: 'login-cookie-of-another-login',
    title: 'The login cookie of one login cannot end another one, whatever its name says',
    clause: 'RFC 9700 section 4.7',
    needs: ['cookies'],
    run: async (context) => {
      const { subject, browser } = context
      const page = browser.open(subject.origin)
      await perform(page, 'startLogin')
      const first = cookieFor(browser, 'login')
      const callback = await authenticate(context, page)
      const second = cookiesFor(browser, 'login').find(({ name }) => name !== first.name)
      check(second !== undefined, 'the second login has no cookie of its own')
      const cookie = `${second.name}=${first.value}`
      const response = await callWithCookies(context, browser, 'endLogin', cookie, callback)
      await checkRefusal(response, 400, 'invalid_request')
    },
  },
  {
    id: 'proxy-cookie-as-session-cookie',
    title: 'The proxy cookie sent as session cookie is no session: each role has its own key',
    clause: 'token-handler-1, cookies',
    needs: ['cookies'],
    run: async (context) => {
      const { browser } = context
      await signIn(context)
      const { value } = cookieFor(browser, 'proxy')
      const cookie = `${cookieFor(browser, 'session').name}=${value}`
      const asked = await callWithCookies(context, browser, 'session', cookie)
      checkEqual((await readResult('session', asked)).isLoggedIn, false, 'is_logged_in')
      const refreshed = await callWithCookies(context, browser, 'refresh', cookie)
      await checkRefusal(refreshed, 401, 'session_expired')
    },
  },
]

// Cookies that an attacker planted in the user's browser.
import type { ConformanceCase } from '../case.ts'
import { check, checkEqual } from '../failure.ts'
import {
  authenticate,
  callWithCookies,
  checkRefusal,
  cookieFor,
  copyCookies,
  perform,
  readResult,
  signIn,
} from '../steps.ts'
import type { Cookie } from '../set-cookie.ts'

/** `Cookie` headers in which a lenient parser finds the cookie under its own name. Browsers send none of them. */
const disguises = ({ name, value }: Cookie): readonly string[] => [
  `${name} =${value}`,
  `a=b;\t${name}=${value}`,
  `a=b; \u00a0${name}=${value}`,
  `a=b, ${name}=${value}`,
  `${name.toUpperCase()}=${value}`,
]

/** Planted cookies never give one user access to another user's session. */
export const plantedCookieCases: readonly ConformanceCase[] = [
  {
    id: 'session-fixation',
    title:
      'The cookies of a session that was there before a login never mean the user who signs in',
    clause: 'OAuth 2.0 for Browser-Based Applications, session management',
    needs: ['cookies'],
    run: async (context) => {
      const { browser, newBrowser } = context
      const attacker = await perform(await signIn(context), 'session')
      const planted = copyCookies(browser)
      await signIn(context, browser, 'second')
      const response = await callWithCookies(context, newBrowser(), 'session', planted)
      const { claims, isLoggedIn } = await readResult('session', response)
      const same = !isLoggedIn || claims?.['sub'] === attacker.claims?.['sub']
      check(same, 'the cookies from before the login are those of the user who signed in')
    },
  },
  {
    id: 'login-cookie-sent-twice',
    title: 'Two login cookies of one name are refused: one of them was planted by another host',
    clause: 'RFC 6265 section 8.6, weak integrity',
    needs: ['cookies'],
    run: async (context) => {
      const { subject, browser } = context
      const callback = await authenticate(context, browser.open(subject.origin))
      const { name } = cookieFor(browser, 'login')
      const cookies = `${copyCookies(browser)}; ${name}=planted`
      const response = await callWithCookies(context, browser, 'endLogin', cookies, callback)
      await checkRefusal(response, 400, 'invalid_request')
    },
  },
  {
    id: 'cookie-names-are-read-strictly',
    title: 'A cookie that only nearly has the name of the session cookie is no session',
    clause: 'RFC 6265bis section 4.1.3, cookie name prefixes',
    needs: ['cookies'],
    run: async (context) => {
      await signIn(context)
      for (const cookies of disguises(cookieFor(context.browser, 'session'))) {
        const response = await callWithCookies(context, context.browser, 'session', cookies)
        // A server in front of the agent may refuse such a header altogether.
        if (response.status === 400) continue
        const { isLoggedIn } = await readResult('session', response)
        checkEqual(isLoggedIn, false, 'is_logged_in')
      }
    },
  },
]

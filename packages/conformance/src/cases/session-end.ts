// Sessions that have ended, or never were.
import type { ConformanceCase } from '../case.ts'
import { check } from '../failure.ts'
import {
  callApi,
  checkChallenge,
  checkSignedIn,
  cookiesFor,
  perform,
  performRefused,
  signIn,
} from '../steps.ts'

/** Refresh without, and after, a session. */
export const sessionEndCases: readonly ConformanceCase[] = [
  {
    id: 'refresh-without-a-session',
    title: 'A refresh without a session answers 401 session_expired',
    clause: 'token-handler-1, refresh',
    needs: [],
    run: ({ subject, browser }) =>
      performRefused(browser.open(subject.origin), 'refresh', 401, 'session_expired'),
  },
  {
    id: 'refresh-after-logout',
    title: 'A refresh after logout answers 401 session_expired and brings nothing back',
    clause: 'token-handler-1, refresh',
    needs: [],
    run: async (context) => {
      const page = await signIn(context)
      await perform(page, 'logout')
      await performRefused(page, 'refresh', 401, 'session_expired')
      await checkSignedIn(page, false)
    },
  },
  {
    id: 'refresh-after-the-session-has-ended',
    title:
      'When the authorization server has ended the session, refresh answers 401 session_expired, and then nobody is signed in',
    clause: 'RFC 6749 section 5.2, invalid_grant',
    needs: ['end-session'],
    run: async (context) => {
      const page = await signIn(context)
      await context.subject.endSession?.()
      await performRefused(page, 'refresh', 401, 'session_expired')
      await checkSignedIn(page, false)
      check(
        cookiesFor(context.browser, 'proxy').length === 0 &&
          cookiesFor(context.browser, 'session').length === 0,
        'cookies of the ended session are still there',
      )
    },
  },
  {
    id: 'sign-in-after-the-session-has-ended',
    title: 'After a session has ended, the user can sign in again',
    clause: 'token-handler-1',
    needs: ['end-session'],
    run: async (context) => {
      const page = await signIn(context)
      await context.subject.endSession?.()
      await performRefused(page, 'refresh', 401, 'session_expired')
      await checkSignedIn(await signIn(context), true)
    },
  },
  {
    id: 'refresh-parameter-off-the-allow-list',
    title:
      'A refresh with a parameter that is not on the allow-list is refused, and the session stays',
    clause: 'token-handler-1, refresh',
    needs: [],
    run: async (context) => {
      const page = await signIn(context)
      const parameters = new URLSearchParams({ refresh_token: 'made-up' })
      await performRefused(page, 'refresh', 400, 'invalid_request', parameters)
      await checkSignedIn(page, true)
    },
  },
  {
    id: 'expired-access-token-is-401-unauthorized',
    title: 'An API call with an expired access token is a 401 that a page can tell from its own',
    clause: 'RFC 6750 section 3',
    needs: ['proxy', 'expire-access-token'],
    run: async (context) => {
      const page = await signIn(context)
      await context.subject.expireAccessToken?.()
      const response = await callApi(page, context.subject)
      const challenge = response.headers.get('www-authenticate') ?? ''
      check(response.status === 401, `the API answers ${response.status}`)
      checkChallenge(challenge)
    },
  },
]

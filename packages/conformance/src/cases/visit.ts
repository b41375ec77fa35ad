// A whole visit, from the first page load to the sign-out.
import type { ConformanceCase } from '../case.ts'
import { check, checkEqual } from '../failure.ts'
import { isHttpUrl } from '@token-handler/contract'
import { authenticate, callApi, checkSignedIn, perform, signIn } from '../steps.ts'

const anonymous: ConformanceCase = {
  id: 'first-visit-is-anonymous',
  title: 'A first visit finds nobody signed in, and no claims',
  clause: 'token-handler-1, session',
  needs: [],
  run: async ({ subject, browser }) => {
    const session = await perform(browser.open(subject.origin), 'session')
    checkEqual(session, { isLoggedIn: false }, 'the session')
  },
}

const start: ConformanceCase = {
  id: 'login-start-names-the-authorization-server',
  title: 'Starting a login answers the URL to navigate to, and signs nobody in',
  clause: 'token-handler-1, login start',
  needs: [],
  run: async ({ subject, browser }) => {
    const page = browser.open(subject.origin)
    const { authorizationUrl } = await perform(page, 'startLogin')
    check(isHttpUrl(authorizationUrl), 'authorization_url is not http or https')
    await checkSignedIn(page, false)
  },
}

const end: ConformanceCase = {
  id: 'login-end-signs-in',
  title: 'Ending a login signs the user in; session says the same, also to the next page',
  clause: 'token-handler-1, login end and session',
  needs: [],
  run: async (context) => {
    const { subject, browser } = context
    const page = browser.open(subject.origin)
    const session = await perform(page, 'endLogin', await authenticate(context, page))
    checkEqual(session.isLoggedIn, true, 'is_logged_in')
    check(typeof session.claims?.['sub'] === 'string', 'id_token_claims have no sub')
    const { accessTokenExpiresIn = 1 } = session
    check(accessTokenExpiresIn > 0, 'a new access token has no time left')
    const next = await perform(browser.open(subject.origin), 'session')
    checkEqual(next.isLoggedIn, true, 'is_logged_in')
    checkEqual(next.claims, session.claims, 'id_token_claims of the session')
  },
}

const parallelLogins: ConformanceCase = {
  id: 'two-tabs-can-sign-in',
  title: 'Two logins started in two tabs of one browser can both be ended',
  clause: 'RFC 9700 section 4.7',
  needs: [],
  run: async (context) => {
    const { subject, browser } = context
    const [one, other] = [browser.open(subject.origin), browser.open(subject.origin)]
    const [first, second] = [await authenticate(context, one), await authenticate(context, other)]
    await perform(one, 'endLogin', first)
    await perform(other, 'endLogin', second)
    await checkSignedIn(one, true)
  },
}

const switchUser: ConformanceCase = {
  id: 'another-user-replaces-the-session',
  title: 'When another user signs in, the session is theirs',
  clause: 'token-handler-1, login end',
  needs: [],
  run: async (context) => {
    const first = await perform(await signIn(context), 'session')
    const second = await perform(await signIn(context, context.browser, 'second'), 'session')
    check(second.claims?.['sub'] !== first.claims?.['sub'], "the session is still the first user's")
  },
}

const api: ConformanceCase = {
  id: 'api-call-through-the-proxy',
  title: 'A signed-in user reaches the API',
  clause: 'token-handler-1, proxy',
  needs: ['proxy'],
  run: async (context) => {
    const response = await callApi(await signIn(context), context.subject)
    checkEqual(response.status, 200, 'status of the API')
  },
}

const refresh: ConformanceCase = {
  id: 'expiry-refresh-replay',
  title: 'After expiry the API answers 401, a refresh succeeds, and the same call answers 200',
  clause: 'token-handler-1, refresh; RFC 6750 section 3.1',
  needs: ['proxy', 'expire-access-token'],
  run: async (context) => {
    const { subject } = context
    const page = await signIn(context)
    await subject.expireAccessToken?.()
    checkEqual((await callApi(page, subject)).status, 401, 'status after expiry')
    const { accessTokenExpiresIn = 1 } = await perform(page, 'refresh')
    check(accessTokenExpiresIn > 0, 'the refreshed access token has no time left')
    checkEqual((await callApi(page, subject)).status, 200, 'status after the refresh')
    await checkSignedIn(page, true)
  },
}

const logout: ConformanceCase = {
  id: 'logout-ends-the-session',
  title: 'After logout nobody is signed in, the API is closed, and a second logout succeeds too',
  clause: 'token-handler-1, logout',
  needs: ['proxy'],
  run: async (context) => {
    const { subject } = context
    const page = await signIn(context)
    const { logoutUrl } = await perform(page, 'logout')
    check(logoutUrl === undefined || isHttpUrl(logoutUrl), 'logout_url is not http or https')
    await checkSignedIn(page, false)
    checkEqual((await callApi(page, subject)).status, 401, 'status of the API after logout')
    await perform(page, 'logout')
  },
}

const anonymousLogout: ConformanceCase = {
  id: 'logout-without-a-session',
  title: 'Signing out without ever having signed in succeeds',
  clause: 'token-handler-1, logout',
  needs: [],
  run: async ({ subject, browser }) => {
    await perform(browser.open(subject.origin), 'logout')
  },
}

/** The happy path. */
export const visitCases: readonly ConformanceCase[] = [
  anonymous,
  start,
  end,
  parallelLogins,
  switchUser,
  api,
  refresh,
  logout,
  anonymousLogout,
]

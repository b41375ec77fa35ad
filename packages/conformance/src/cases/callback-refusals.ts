// Callbacks that must sign nobody in.
import type { ConformanceCase } from '../case.ts'
import { authenticate, checkSignedIn, perform, performRefused } from '../steps.ts'
import { changed, changedCallback, checkPlain } from './changed-callback.ts'

const nothingStarted: ConformanceCase = {
  id: 'login-end-without-a-login',
  title: 'A callback in a browser that started no login is refused',
  clause: 'RFC 9700 section 4.7',
  needs: [],
  run: async ({ subject, browser }) => {
    const callback = new URLSearchParams({ code: 'a-code', state: 'a-state' })
    await performRefused(browser.open(subject.origin), 'endLogin', 400, 'invalid_request', callback)
  },
}

const nothing: ConformanceCase = {
  id: 'login-end-with-nothing',
  title: 'A login cannot be ended with a callback that has no parameters',
  clause: 'RFC 6749 section 4.1.2',
  needs: [],
  run: async (context) => {
    const page = context.browser.open(context.subject.origin)
    await perform(page, 'startLogin')
    await performRefused(page, 'endLogin', 400, 'invalid_request')
    await performRefused(page, 'endLogin', 400, 'invalid_request', new URLSearchParams({ a: 'b' }))
  },
}

const otherBrowser: ConformanceCase = {
  id: 'login-end-in-another-browser',
  title:
    'A callback is refused in a browser other than the one that started the login, even in the middle of a login of its own',
  clause: 'RFC 9700 section 4.7',
  needs: ['cookies'],
  run: async (context) => {
    const { subject, browser, newBrowser } = context
    const callback = await authenticate(context, browser.open(subject.origin))
    const victim = newBrowser().open(subject.origin)
    await performRefused(victim, 'endLogin', 400, 'invalid_request', callback)
    await perform(victim, 'startLogin')
    await performRefused(victim, 'endLogin', 400, 'invalid_request', callback)
    await checkSignedIn(victim, false)
  },
}

const replay: ConformanceCase = {
  id: 'login-end-replayed',
  title: 'A login can be ended once; the replay is refused and the session stays',
  clause: 'RFC 6749 section 4.1.2',
  needs: [],
  run: async (context) => {
    const page = context.browser.open(context.subject.origin)
    const callback = await authenticate(context, page)
    await perform(page, 'endLogin', callback)
    await performRefused(page, 'endLogin', 400, 'invalid_request', callback)
    await checkSignedIn(page, true)
  },
}

const afterLogout: ConformanceCase = {
  id: 'login-end-after-logout',
  title: 'A logout ends logins in progress: their callback is refused',
  clause: 'token-handler-1, logout',
  needs: [],
  run: async (context) => {
    const page = context.browser.open(context.subject.origin)
    const callback = await authenticate(context, page)
    await perform(page, 'logout')
    await performRefused(page, 'endLogin', 400, 'invalid_request', callback)
    await checkSignedIn(page, false)
  },
}

const injectedCode: ConformanceCase = {
  id: 'code-of-another-login',
  title:
    "The code of another browser's login, injected into one's own, is refused by the authorization server",
  clause: 'RFC 9700 section 4.5',
  needs: [],
  run: async (context) => {
    const { subject, newBrowser } = context
    const stolen = checkPlain(await authenticate(context, newBrowser().open(subject.origin)))
    const page = context.browser.open(subject.origin)
    const callback = await authenticate(context, page)
    const injected = changed(callback, 'code', stolen.get('code') ?? '')
    await performRefused(page, 'endLogin', 400, 'authorization_error', injected)
    await checkSignedIn(page, false)
  },
}

/** Callbacks that were changed, stolen or used before. */
export const callbackRefusalCases: readonly ConformanceCase[] = [
  nothingStarted,
  nothing,
  changedCallback(
    'login-end-with-unknown-state',
    'A callback with an unknown state is refused',
    'RFC 6749 section 10.12',
    (callback) => changed(checkPlain(callback), 'state', 'unknown'),
  ),
  changedCallback(
    'login-end-without-state',
    'A callback without a state is refused',
    'RFC 6749 section 10.12',
    (callback) => changed(checkPlain(callback), 'state'),
  ),
  changedCallback(
    'login-end-without-code',
    'A callback with neither code nor error is refused',
    'RFC 6749 section 4.1.2',
    (callback) => changed(checkPlain(callback), 'code'),
  ),
  changedCallback(
    'login-end-with-foreign-issuer',
    'A callback that names another issuer is refused',
    'RFC 9207 section 2.4',
    (callback) => changed(checkPlain(callback), 'iss', 'https://evil.example'),
  ),
  otherBrowser,
  replay,
  afterLogout,
  injectedCode,
]

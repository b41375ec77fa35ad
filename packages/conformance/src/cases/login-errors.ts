// Logins that the authorization server, or the agent before it, refuses.
import type { Page } from '../browser.ts'
import type { CaseContext, ConformanceCase } from '../case.ts'
import { authenticate, checkSignedIn, perform, performRefused, signIn } from '../steps.ts'

/** Ends a login that the authorization server has refused. */
async function endRefused(
  context: CaseContext,
  page: Page,
  error: string,
  status: number,
): Promise<URLSearchParams> {
  const callback = await authenticate(context, page, { error })
  await performRefused(page, 'endLogin', status, error, callback)
  return callback
}

const relayedError: ConformanceCase = {
  id: 'authorization-error-is-relayed',
  title: 'An error of the authorization server is relayed as 400 with its code, and once only',
  clause: 'RFC 6749 section 4.1.2.1',
  needs: [],
  run: async (context) => {
    const page = context.browser.open(context.subject.origin)
    const callback = await endRefused(context, page, 'access_denied', 400)
    await performRefused(page, 'endLogin', 400, 'invalid_request', callback)
  },
}

const foreignError: ConformanceCase = {
  id: 'authorization-error-of-a-stranger',
  title: 'An error with an unknown state is not relayed',
  clause: 'RFC 9700 section 4.7',
  needs: [],
  run: async ({ subject, browser }) => {
    const page = browser.open(subject.origin)
    await perform(page, 'startLogin')
    const callback = new URLSearchParams({ error: 'access_denied', state: 'unknown' })
    await performRefused(page, 'endLogin', 400, 'invalid_request', callback)
  },
}

const loginRequired: ConformanceCase = {
  id: 'login-required-is-401',
  title: 'A silent login without a session at the authorization server answers 401 login_required',
  clause: 'OpenID Connect Core section 3.1.2.6',
  needs: [],
  run: async (context) => {
    const page = context.browser.open(context.subject.origin)
    await endRefused(context, page, 'login_required', 401)
    await checkSignedIn(page, false)
  },
}

const failedLoginKeepsSession: ConformanceCase = {
  id: 'failed-login-keeps-the-session',
  title: 'A login that fails leaves the session alone that was there before',
  clause: 'token-handler-1, login end',
  needs: [],
  run: async (context) => {
    const page = await signIn(context)
    await endRefused(context, page, 'access_denied', 400)
    await checkSignedIn(page, true)
  },
}

/** Those that protect the request or say where its answer goes, and one that is unknown. */
const foreignParameters = [
  'client_id',
  'code_challenge',
  'code_challenge_method',
  'nonce',
  'redirect_uri',
  'request',
  'request_uri',
  'response_mode',
  'response_type',
  'state',
  'made_up',
]

const foreignParameter: ConformanceCase = {
  id: 'login-start-parameter-off-the-allow-list',
  title: 'A login cannot be started with a parameter that is not on the allow-list',
  clause: 'token-handler-1, login start',
  needs: [],
  run: async ({ subject, browser }) => {
    const page = browser.open(subject.origin)
    for (const name of foreignParameters) {
      const parameters = new URLSearchParams([[name, 'https://evil.example/']])
      await performRefused(page, 'startLogin', 400, 'invalid_request', parameters)
    }
  },
}

/** Errors of the authorization server and of the allow-list. */
export const loginErrorCases: readonly ConformanceCase[] = [
  relayedError,
  foreignError,
  loginRequired,
  failedLoginKeepsSession,
  foreignParameter,
]

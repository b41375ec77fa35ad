// Ends a sign-in: hands the authorization response to the agent, and judges a refusal. A sign-in that
// the agent does not know any more is started once more.
import type { AuthorizationResponseKind } from '@token-handler/contract'
import type { AgentClient } from '../agent/agent-client.ts'
import { isTokenHandlerError } from '../errors.ts'
import type { TokenHandlerError } from '../errors.ts'
import type { AccessToken } from '../refresh/access-token.ts'
import type { SessionLock } from '../refresh/session-lock.ts'
import type { RecordEvent } from '../session/record-event.ts'
import type { SessionFinder } from '../session/session-finder.ts'
import type { SessionManager } from '../session/session-manager.ts'
import type { SessionStore } from '../session/store.ts'
import type { Tabs } from '../tabs/tabs.ts'
import { judgeRefusedLogin, loginFailed } from './judge-refused-login.ts'
import type { PendingLogin } from './login-records.ts'
import type { StartLogin } from './start-login.ts'
import type { CookieVerification } from './verify-cookies.ts'

/** An authorization response that this page has found in its URL. */
export interface ReceivedResponse {
  readonly responseKind: AuthorizationResponseKind
  /** The page's query, whole. */
  readonly parameters: URLSearchParams
  /** See `fingerprint`. */
  readonly response: string
  /** The sign-in of this tab that it belongs to. */
  readonly login: PendingLogin | undefined
}

/** Ends sign-ins. */
export interface LoginEnd {
  /** Call it once per response. Never rejects. */
  readonly endLogin: (received: ReceivedResponse) => Promise<void>
}

export interface LoginEndParts<C> {
  readonly tabs: Tabs
  readonly store: SessionStore<C>
  readonly agent: AgentClient
  readonly recordEvent: RecordEvent<C>
  readonly token: AccessToken
  readonly withLock: SessionLock
  readonly finder: SessionFinder<C>
  readonly manager: SessionManager<C>
  readonly verification: CookieVerification<C>
  readonly startLogin: StartLogin
}

/** Ends the sign-ins of one page. */
export function createLoginEnd<C>({
  tabs,
  store,
  agent,
  recordEvent,
  token,
  withLock,
  finder,
  manager,
  verification,
  startLogin,
}: LoginEndParts<C>): LoginEnd {
  /** Starts a lost sign-in once more; the page is about to leave then. */
  async function restart(lost: PendingLogin | undefined, refusal: TokenHandlerError) {
    try {
      await startLogin({ ...lost, isRestart: true })
    } catch (error) {
      // A user who stays, or comes back to this page, may have signed in elsewhere.
      const hasStayed = isTokenHandlerError(error) && error.code === 'navigation_stopped'
      if (hasStayed) await manager.confirmSession()
      else recordEvent({ type: 'login-failed', error: loginFailed(refusal) })
    }
  }

  /** Asks the agent, under the lock, to end the sign-in; also returns the notice before its session. */
  async function askToEnd(parameters: URLSearchParams) {
    let before = tabs.latest()
    const outcome = await withLock('endLogin', async () => {
      const answer = await agent.call('endLogin', { parameters })
      if (answer.kind === 'success' && answer.result.isLoggedIn) {
        const { requestedAt, result } = answer
        const renewal = token.renew(requestedAt, result.accessTokenExpiresIn)
        before = tabs.publish('signed-in', renewal)
      }
      return answer
    })
    return { outcome, before }
  }

  async function endLogin(received: ReceivedResponse): Promise<void> {
    const { login, parameters, response, responseKind } = received
    let lost: TokenHandlerError | undefined
    let isRefused = false

    /** The response was refused, and there is no session either. */
    function recordRefusal(refusal: TokenHandlerError): void {
      isRefused = true
      const verdict = judgeRefusedLogin(refusal, responseKind, login)
      if (verdict === 'login-required') return recordEvent({ type: verdict })
      if (verdict === 'login-lost') {
        lost = refusal
        return
      }
      const error =
        verdict === 'login-failed' ? loginFailed(refusal) : verification.explain(refusal)
      recordEvent({ type: 'login-failed', error })
    }

    verification.begin(response, login)
    // Without the lock the outcome is not known: the response may be on its way still.
    const ended = await askToEnd(parameters).catch(() => undefined)
    if (!ended) {
      verification.finish('no-answer')
      return verification.confirmPatiently(manager.confirmSession)
    }
    const { outcome, before } = ended
    if (outcome.kind === 'success' || outcome.means !== 'ask-session') {
      await finder.applyAnswer(outcome, before)
    } else {
      // A refused response may be an old one: the session it once led to decides.
      await finder.ask((event) =>
        event.type === 'session-missing' ? recordRefusal(outcome.error) : recordEvent(event),
      )
    }
    const hasSession = store.getSnapshot().status === 'authenticated'
    verification.finish(hasSession ? 'session' : isRefused ? 'refused' : 'no-answer')
    if (lost) await restart(login, lost)
  }

  return { endLogin }
}

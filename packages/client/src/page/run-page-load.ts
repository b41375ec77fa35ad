// Carries out the plan of a page load, once, however often it is asked for.
import type { TokenHandlerError } from '../errors.ts'
import type { Platform } from '../platform/platform.ts'
import type { LoadResult } from '../token-handler-client.ts'
import { explainMissingCookies } from '../login/explain-missing-cookies.ts'
import type { LoggedInFlag } from '../session/logged-in-flag.ts'
import type { Login } from '../login/start-login.ts'
import type { LoginEnd } from '../login/verify-cookies.ts'
import type { LoginRecordStore, PendingLogin } from '../login/login-records.ts'
import { planPageLoad } from './plan-page-load.ts'
import type { PageLoadPlan } from './plan-page-load.ts'
import { judgeRefusedLogin, loginFailed } from '../login/judge-refused-login.ts'
import { sanitizeReturnTo } from '../login/return-to.ts'
import type { SessionManager } from '../session/session-manager.ts'
import type { SessionEvent } from '../session/transition.ts'
import type { SessionStore } from '../session/store.ts'

export interface LoadParts<C> {
  readonly platform: Platform
  readonly store: SessionStore<C>
  readonly manager: SessionManager<C>
  readonly login: Login
  readonly loginEnd: LoginEnd<C>
  readonly records: LoginRecordStore
  readonly flag: LoggedInFlag
  readonly agentUrl: string
  readonly basePath: string
  readonly callbackPath: string | undefined
}

/** Finding out the session, at page load and when a page comes back. */
export interface Loader<C> {
  readonly load: () => Promise<LoadResult<C>>
  /** The page came back from the back/forward cache with the session it had when it was left. */
  readonly revalidate: () => void
}

/** Loads for one page. */
export function createLoader<C>(parts: LoadParts<C>): Loader<C> {
  const { platform, store, manager, login: startLogin, loginEnd, records, flag } = parts
  const { agentUrl, basePath, callbackPath } = parts
  let loading: Promise<LoadResult<C>> | undefined
  // Kept for another try: the URL no longer shows which login has ended here.
  let endedLogin: PendingLogin | undefined
  let stopWaiting = () => {}

  async function endLogin(plan: Extract<PageLoadPlan, { kind: 'end-login' }>): Promise<void> {
    const { login, response, responseKind } = plan
    let lost: TokenHandlerError | undefined
    let isRefused = false

    function judge(refusal: TokenHandlerError): SessionEvent<never> | undefined {
      isRefused = true
      const verdict = judgeRefusedLogin(refusal, responseKind, login)
      if (verdict === 'login-required') return { type: verdict }
      if (verdict === 'login-lost') {
        lost = refusal
        return undefined
      }
      const error =
        verdict === 'login-failed'
          ? loginFailed(refusal)
          : explainMissingCookies(platform.pageUrl(), agentUrl, refusal)
      return { type: 'login-failed', error }
    }

    loginEnd.begin(response, login)
    await manager.endLogin(plan.parameters, judge)
    const hasSession = store.getSnapshot().status === 'authenticated'
    loginEnd.finish(hasSession ? 'session' : isRefused ? 'refused' : 'no-answer')
    if (lost) await restart(login, lost)
  }

  /** Starts a lost sign-in once more; the page is about to leave then. */
  async function restart(lost: PendingLogin | undefined, refusal: TokenHandlerError) {
    const leaving = startLogin({ ...lost, isRestart: true }).catch(() => {
      loginEnd.learn({ type: 'login-failed', error: loginFailed(refusal) })
    })
    // Who comes "back" to this page from the authorization server finds it waiting here.
    const restored = new Promise<void>((resolve) => {
      stopWaiting = resolve
    })
    await Promise.race([leaving, restored])
  }

  function findOut(): Promise<unknown> {
    const plan = planPageLoad({
      pageUrl: platform.pageUrl(),
      callbackPath,
      records: records.read(),
      isLoggedIn: flag.isLoggedIn(),
      now: platform.now(),
    })
    if (plan.kind === 'stay-signed-out') {
      store.dispatch({ type: 'session-missing' })
      return Promise.resolve()
    }
    // Before any call: nothing may see the code again, be it a reload, a router or a referrer.
    if (plan.cleanUrl !== undefined) platform.replaceUrl(plan.cleanUrl)
    store.dispatch({ type: 'load-started' })
    if (plan.kind === 'end-login') {
      endedLogin = plan.login
      return endLogin(plan)
    }
    endedLogin = plan.interrupted?.login ?? endedLogin
    return !plan.interrupted || plan.interrupted.isAnswered
      ? manager.discover()
      : loginEnd.confirmPatiently(manager.confirm)
  }

  function describe(login: PendingLogin | undefined): LoadResult<C> {
    const app = { pageUrl: platform.pageUrl(), basePath, callbackPath }
    return {
      // Read late: a router may keep this promise for the life of the page.
      get session() {
        return store.getSnapshot()
      },
      returnTo: login && (sanitizeReturnTo(login.returnTo, app) ?? basePath),
      appState: login?.appState,
    }
  }

  async function start(): Promise<LoadResult<C>> {
    await findOut()
    return describe(endedLogin)
  }

  return {
    load() {
      const session = store.getSnapshot()
      const isWorthAnotherTry = session.status === 'error' && session.error.retryable
      if (loading === undefined || isWorthAnotherTry) loading = start()
      // A stale session stays on screen; no route waits for an agent that may be down.
      else if (session.status === 'authenticated' && session.stale) void manager.confirm()
      return loading
    },
    revalidate() {
      if (flag.isLoggedIn() === false) {
        store.dispatch({ type: 'session-missing' })
      } else {
        void manager.confirm().then(stopWaiting)
      }
    },
  }
}

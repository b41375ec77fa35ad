// Carries out the plan of a page load, once, however often it is asked for.
import type { LoginEnd } from '../login/end-login.ts'
import type { LoginRecordStore, PendingLogin } from '../login/login-records.ts'
import type { ReadReturnTo } from '../login/return-to.ts'
import type { StateOwners } from '../login/state-owners.ts'
import type { CookieVerification } from '../login/verify-cookies.ts'
import type { Platform } from '../platform/platform.ts'
import type { LoggedInFlag } from '../session/logged-in-flag.ts'
import type { SessionManager } from '../session/session-manager.ts'
import type { SessionStore } from '../session/store.ts'
import type { LoadResult } from '../token-handler-client.ts'
import { planPageLoad } from './plan-page-load.ts'

export interface PageLoaderParts<C> {
  readonly store: SessionStore<C>
  readonly records: LoginRecordStore
  readonly owners: StateOwners
  readonly platform: Platform
  readonly manager: SessionManager<C>
  readonly verification: CookieVerification<C>
  readonly flag: LoggedInFlag
  readonly readReturnTo: ReadReturnTo
  readonly callbackPath: string | undefined
  readonly loginEnd: LoginEnd
}

/** Finds out the session at page load, and when a page comes back. */
export interface PageLoader<C> {
  readonly load: () => Promise<LoadResult<C>>
  /** The page came back from the back/forward cache with the session it had when it was left. */
  readonly restore: () => void
}

/** Loads for one page. */
export function createPageLoader<C>({
  store,
  records,
  owners,
  platform,
  manager,
  verification,
  flag,
  readReturnTo,
  callbackPath,
  loginEnd,
}: PageLoaderParts<C>): PageLoader<C> {
  let loading: Promise<LoadResult<C>> | undefined
  let isUnderWay = false
  // Kept for another try: the URL no longer shows which login has ended here.
  let endedLogin: PendingLogin | undefined

  const makePlan = () =>
    planPageLoad({
      pageUrl: platform.pageUrl(),
      callbackPath,
      records: records.read(),
      isOfAnother: owners.isOfAnother,
      isLoggedIn: flag.isLoggedIn(),
      now: platform.now(),
    })

  async function runPlan(): Promise<unknown> {
    let plan = makePlan()
    const activation = platform.whenActivated()
    if (activation && plan.kind === 'end-login') {
      // What a prerendered page writes to sessionStorage is discarded when it is activated.
      await activation
      plan = makePlan()
    }
    if (plan.kind === 'stay-signed-out') {
      return store.dispatch({ type: 'session-missing' })
    }
    // Before any call: nothing may see the code again, be it a reload, a router or a referrer.
    if (plan.cleanUrl !== undefined) platform.replaceUrl(plan.cleanUrl)
    store.dispatch({ type: 'load-started', isByUser: platform.isUserActive() ?? false })
    if (plan.kind === 'end-login') {
      endedLogin = plan.login
      return loginEnd.endLogin(plan)
    }
    endedLogin = plan.interrupted?.login ?? endedLogin
    return !plan.interrupted || plan.interrupted.isAnswered
      ? manager.discover()
      : verification.confirmPatiently(manager.confirmSession)
  }

  async function start(work: () => Promise<unknown>): Promise<LoadResult<C>> {
    isUnderWay = true
    await work().finally(() => {
      isUnderWay = false
    })
    const login = endedLogin
    return {
      // Read late: a router may keep this promise for the life of the page.
      get session() {
        return store.getSnapshot()
      },
      returnTo: login && readReturnTo(login.returnTo),
      appState: login?.appState,
    }
  }

  return {
    load() {
      const session = store.getSnapshot()
      const isWorthAnotherTry =
        session.status === 'error' && (session.error.retryable || platform.isUserActive())
      if (loading === undefined || (isWorthAnotherTry && !isUnderWay)) loading = start(runPlan)
      // Another user has signed in since: who, the agent has still to say.
      else if (session.status === 'loading' && !isUnderWay) loading = start(manager.confirmSession)
      // A stale session stays on screen; no route waits for an agent that may be down.
      else if (session.status === 'authenticated' && session.stale) void manager.confirmSession()
      return loading
    },
    restore() {
      if (flag.isLoggedIn() === false) {
        store.dispatch({ type: 'session-missing' })
      } else {
        void manager.confirmSession()
      }
    },
  }
}

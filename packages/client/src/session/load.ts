// Carries out the plan of a page load, once, however often it is asked for.
import type { Platform } from '../platform/platform.ts'
import type { LoadResult } from '../token-handler-client.ts'
import { isBelievedSignedOut } from './logged-in-flag.ts'
import type { LoggedInFlagStore } from './logged-in-flag.ts'
import { withUsedResponse } from './login-records.ts'
import type { LoginRecordStore, PendingLogin } from './login-records.ts'
import { planPageLoad } from './page-load.ts'
import { sanitizeReturnTo } from './return-to.ts'
import type { SessionManager } from './session-manager.ts'
import type { SessionStore } from './store.ts'

export interface LoadParts<C> {
  readonly platform: Platform
  readonly store: SessionStore<C>
  readonly manager: SessionManager<C>
  readonly records: LoginRecordStore
  readonly flag: LoggedInFlagStore
  readonly basePath: string
  readonly callbackPath: string | undefined
  /** Seconds. */
  readonly signedOutMaxAge: number
}

/** Finding out the session, at page load and when a page comes back. */
export interface Loader<C> {
  readonly load: () => Promise<LoadResult<C>>
  /** The page came back from the back/forward cache with the session it had when it was left. */
  readonly revalidate: () => void
}

/** Loads for one page. */
export function createLoader<C>(parts: LoadParts<C>): Loader<C> {
  const { platform, store, manager, records, flag, basePath, callbackPath, signedOutMaxAge } = parts
  let loading: Promise<LoadResult<C>> | undefined
  // Kept for another try: the URL no longer shows which login has ended here.
  let endedLogin: PendingLogin | undefined

  function findOut(): Promise<unknown> {
    const knownRecords = records.read()
    const plan = planPageLoad({
      pageUrl: platform.pageUrl(),
      callbackPath,
      records: knownRecords,
      flag: flag.read(),
      now: platform.now(),
      signedOutMaxAge,
    })
    if (plan.kind === 'stay-signed-out') {
      store.dispatch({ type: 'session-missing' })
      return Promise.resolve()
    }
    // Before any call: nothing may see the code again, be it a reload, a router or a referrer.
    if (plan.cleanUrl !== undefined) platform.replaceUrl(plan.cleanUrl)
    if (plan.kind === 'end-login') {
      records.write(withUsedResponse(knownRecords, plan.response, plan.login))
      endedLogin = plan.login
    }
    store.dispatch({ type: 'load-started' })
    return plan.kind === 'end-login' ? manager.endLogin(plan.parameters) : manager.confirm()
  }

  function describe(login: PendingLogin | undefined): LoadResult<C> {
    const app = { pageUrl: platform.pageUrl(), basePath, callbackPath }
    return {
      // Read late: a router may keep this promise for the life of the page.
      get session() {
        return store.getSnapshot()
      },
      ...(login && { returnTo: sanitizeReturnTo(login.returnTo, app) ?? basePath }),
      ...(login?.appState !== undefined && { appState: login.appState }),
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
      if (isBelievedSignedOut(flag.read(), platform.now(), signedOutMaxAge)) {
        store.dispatch({ type: 'session-missing' })
      } else {
        void manager.confirm()
      }
    },
  }
}

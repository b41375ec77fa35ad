// `fetch` for the APIs: a 401 is answered by one refresh and one more try, below any HTTP library.
import type { AgentClient } from '../agent/agent-client.ts'
import { isDevelopment } from '../development.ts'
import { TokenHandlerError, translateError } from '../errors.ts'
import { judgeAnswer } from '../agent/judge-answer.ts'
import type { ClientPlatform } from '../platform/lifetime.ts'
import type { Fetch } from '../platform/platform.ts'
import type { CookieVerification } from '../login/verify-cookies.ts'
import { REFRESH_UNAVAILABLE, sessionExpired } from '../refresh/refresher.ts'
import type { RefreshOutcome, Refresher } from '../refresh/refresher.ts'
import type { SessionManager } from '../session/session-manager.ts'
import type { SessionStore } from '../session/store.ts'
import type { Notice } from '../tabs/tab-messages.ts'
import type { Tabs } from '../tabs/tabs.ts'
import type { Tracer } from '../trace.ts'
import { abortable } from './abortable.ts'
import { createApiRequest } from './api-request.ts'
import type { ApiRequest } from './api-request.ts'
import { createRefusals } from './refusals.ts'
import { isApiUrl } from './api-urls.ts'
import { readChallenge } from './challenge.ts'
import type { Challenge } from './challenge.ts'
import type { ApiRequestInit } from './read-init.ts'

/** `fetch`, with the options that requests to APIs have besides the standard's. */
export type SessionFetch = (
  input: string | URL | Request,
  init?: ApiRequestInit,
) => Promise<Response>

export interface SessionFetchParts {
  readonly tabs: Tabs
  readonly store: Pick<SessionStore<unknown>, 'currentUser' | 'getSnapshot'>
  readonly agent: Pick<AgentClient, 'apiHeaders' | 'prepareApi'>
  readonly platform: ClientPlatform
  readonly manager: SessionManager<unknown>
  readonly tracer: Tracer
  readonly verification: Pick<CookieVerification<unknown>, 'prove'>
  readonly refresher: Refresher
  readonly agentUrl: string
  readonly apiUrls: readonly URL[]
}

// How long an access token has to be good for when its request cannot be sent again. Seconds.
const MIN_TTL = 60
// The first may only show that another tab's refresh is no longer, or not yet, good enough.
const MAX_REPLAYS = 2

function stepUpRequired(cause: Response, { acrValues, maxAge }: Challenge): TokenHandlerError {
  return new TokenHandlerError(
    'step_up_required',
    isDevelopment
      ? 'The API wants another sign-in: call login() with this acrValues and maxAge.'
      : '',
    { status: 401, cause, acrValues, maxAge },
  )
}

function notReplayed(response: Response): TokenHandlerError {
  return new TokenHandlerError(
    'request_not_replayed',
    isDevelopment
      ? 'A streamed body is sent only once. The access token is fresh now: request again.'
      : '',
    { status: 401, retryable: true, cause: response },
  )
}

const discard = ({ body }: Response) => void body?.cancel().catch(() => {})

/** Makes the client's `fetch`. */
export function createSessionFetch({
  tabs,
  store,
  agent,
  platform,
  manager,
  tracer,
  verification,
  refresher,
  agentUrl,
  apiUrls,
}: SessionFetchParts): SessionFetch {
  const parsedAgentUrl = new URL(agentUrl)
  const refusals = createRefusals(platform)
  /** What requests to APIs were sent with. */
  const sent = new WeakSet<RequestInit>()
  const sendToApi: Fetch = (input, init = {}) => {
    sent.add(init)
    return platform.fetch(input, init)
  }
  let requests = 0

  /** The URL of a request to an API, or `undefined` for anything else. */
  function apiUrlOf(input: string | URL | Request): URL | undefined {
    const target = typeof input === 'object' && 'url' in input ? input.url : input
    const baseUrl = platform.baseUrl()
    if (!URL.canParse(target, baseUrl)) return undefined
    const url = new URL(target, baseUrl)
    return isApiUrl(url, apiUrls, parsedAgentUrl) ? url : undefined
  }

  async function sendWithSession(request: ApiRequest, url: URL): Promise<Response> {
    requests += 1
    const number = requests
    const user = store.currentUser()
    const { since } = tabs.latest()
    let attempt = 0
    let sentIn = 0

    /** Another user may have signed in while the request waited: it must not be sent as theirs. */
    async function ensureSameUser(): Promise<void> {
      const event = await abortable(manager.confirmSession(), request.signal)
      if (event.type === 'failed') {
        throw translateError(event.error, 'refresh_unavailable', REFRESH_UNAVAILABLE, true)
      }
      if (store.currentUser()?.identity !== user?.identity) throw sessionExpired()
    }

    async function send(): Promise<Response> {
      const mayHaveSession = request.hasSession && store.getSnapshot().status !== 'unauthenticated'
      const preparing = mayHaveSession ? agent.prepareApi(request.method) : undefined
      if (preparing) await abortable(preparing, request.signal)
      // Last of all: nothing comes between this and the sending. What this page has found, other tabs may not know yet.
      const isOther = () => store.currentUser()?.identity !== user?.identity
      if (request.hasSession && user && (tabs.latest().since !== since || isOther())) {
        await ensureSameUser()
      }
      sentIn = tabs.latest().epoch
      attempt += 1
      const { pathname: path } = url
      const { method } = request
      tracer.takeStep?.({ kind: 'request', request: number, attempt, method, path, epoch: sentIn })
      let status = 0
      try {
        const response = await request.send()
        status = response.status
        // What came by way of a gateway's sign-in page says nothing about the cookies.
        if (response.ok && request.hasSession && !response.redirected) verification.prove()
        return response
      } finally {
        const isAborted = request.signal?.aborted
        tracer.takeStep?.({ kind: 'response', request: number, status, isAborted })
      }
    }

    function refresh(epoch: number): Promise<RefreshOutcome> {
      return abortable(refresher.refreshSince(epoch), request.signal)
    }

    /** Whether it was refused for its access token. */
    function isRefused(response: Response): boolean {
      const challenge = readChallenge(response)
      const outcome = judgeAnswer('api', { status: response.status, code: challenge.error })
      if (outcome === 'step-up') throw stepUpRequired(response, challenge)
      return outcome === 'refresh'
    }

    if (!request.mayRefresh) return send()
    const minTtl = request.isReplayable ? undefined : MIN_TTL
    const isDue = !request.signal?.aborted && refresher.isDue(minTtl)
    let refreshed = isDue ? await refresh(tabs.latest().epoch) : undefined
    if (refreshed?.kind === 'failed' && refreshed.error.code === 'session_expired') {
      throw refreshed.error
    }
    const resource = request.method + url.origin + url.pathname
    let response = await send()
    while (isRefused(response)) {
      const latest = tabs.latest()
      if (sentIn === latest.epoch && refusals.isLastWord(resource, latest)) return response
      if (refreshed?.kind === 'renewed' || attempt > MAX_REPLAYS) return lastWord(response, latest)
      const isReplayable = await abortable(request.prepareReplay(), request.signal)
      // An open body would keep its connection, which the refresh may need.
      if (isReplayable) discard(response)
      // A refresh ahead that failed was this request's own.
      if (refreshed?.kind !== 'failed') refreshed = await refresh(sentIn)
      if (refreshed.kind === 'failed') {
        discard(response)
        throw refreshed.error
      }
      if (!isReplayable) throw notReplayed(response)
      response = await send()
    }
    refusals.forget(resource)
    return response

    /** Either the session has just ended, or the API disagrees with the agent: signing in would loop. */
    async function lastWord(refused: Response, latest: Notice): Promise<Response> {
      refusals.note(resource, latest)
      const { type } = await abortable(manager.confirmSession(), request.signal)
      if (type !== 'session-missing') return refused
      discard(refused)
      throw sessionExpired()
    }
  }

  return async (input, init) => {
    // An app has put this function in the place of the page's: what it has sent comes back to it.
    const isOwn = init && sent.has(init)
    const url = isOwn ? undefined : apiUrlOf(input)
    return url === undefined
      ? platform.fetch(input, init)
      : sendWithSession(
          createApiRequest({ ...platform, fetch: sendToApi }, url, agent.apiHeaders, input, init),
          url,
        )
  }
}

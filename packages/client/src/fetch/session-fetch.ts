// `fetch` for the APIs: a 401 is answered by one refresh and one more try, below any HTTP library.
import { TokenHandlerError } from '../errors.ts'
import type { Fetch, Platform } from '../platform/platform.ts'
import type { AccessToken } from '../session/access-token.ts'
import type { Refresher } from '../session/refresh.ts'
import { abortable } from './abortable.ts'
import { createApiRequest } from './api-request.ts'
import type { ApiRequest } from './api-request.ts'
import { isApiUrl } from './api-urls.ts'

export interface SessionFetchParts {
  readonly platform: Platform
  readonly token: AccessToken
  readonly refresher: Refresher
  readonly apiUrls: readonly URL[]
  readonly agentUrl: string
  /** Sent with every request to an API. */
  readonly headers: Readonly<Record<string, string>>
}

/**
 * Whether an API wants another sign-in rather than another access token.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9470#section-3 RFC 9470 section 3}
 */
function wantsStepUp({ headers }: Response): boolean {
  const challenge = headers.get('www-authenticate') ?? ''
  return /\berror\s*=\s*"?insufficient_user_authentication\b/i.test(challenge)
}

function stepUpRequired(response: Response): TokenHandlerError {
  return new TokenHandlerError(
    'step_up_required',
    'The API wants another sign-in: call login() with what WWW-Authenticate of `cause` asks for.',
    { status: 401, cause: response },
  )
}

function notReplayed(response: Response): TokenHandlerError {
  return new TokenHandlerError(
    'request_not_replayed',
    'The access token has been refreshed, but a streamed body is sent only once: request again.',
    { status: 401, retryable: true, cause: response },
  )
}

/** Makes the client's `fetch`. */
export function createSessionFetch(parts: SessionFetchParts): Fetch {
  const { platform, token, refresher, apiUrls, headers } = parts
  const agentUrl = new URL(parts.agentUrl)

  /** The URL of a request to an API, or `undefined` for anything else. */
  function apiUrlOf(input: RequestInfo | URL): URL | undefined {
    const target = typeof input === 'object' && 'url' in input ? input.url : input
    const baseUrl = platform.baseUrl()
    if (!URL.canParse(target, baseUrl)) return undefined
    const url = new URL(target, baseUrl)
    return isApiUrl(url, apiUrls, agentUrl) ? url : undefined
  }

  async function sendWithSession(request: ApiRequest): Promise<Response> {
    let sentIn = token.epoch()

    async function send(): Promise<Response> {
      sentIn = token.epoch()
      const response = await request.send()
      if (response.status === 401 && wantsStepUp(response)) throw stepUpRequired(response)
      return response
    }

    const refresh = () => abortable(refresher.refreshSince(sentIn), request.signal)

    async function replay(refused: Response): Promise<Response> {
      if (!request.isReplayable) throw notReplayed(refused)
      return send()
    }

    const isRenewing = refresher.isDue()
    let failure = isRenewing ? await refresh() : undefined
    if (failure?.code === 'session_expired') throw failure

    let response = await send()
    if (response.status === 401 && token.epoch() !== sentIn) {
      // Somebody else has refreshed since this was sent: a newer token is there already.
      response = await replay(response)
    }
    if (response.status !== 401) return response
    // In spite of a token that was renewed for this very request: the API's last word.
    if (isRenewing && !failure) return response
    failure ??= await refresh()
    if (failure) throw failure
    return replay(response)
  }

  return async (input, init) => {
    const url = apiUrlOf(input)
    return url === undefined
      ? platform.fetch(input, init)
      : sendWithSession(createApiRequest(platform.fetch, url, headers, input, init))
  }
}

// A request to an API, in a form that can be sent a second time.
import type { ClientPlatform } from '../platform/lifetime.ts'
import { copyBody } from './copy-body.ts'
import { keepBody } from './keep-body.ts'
import { readInit } from './read-init.ts'
import type { ApiRequestInit } from './read-init.ts'

/** A request to an API. */
export interface ApiRequest {
  readonly method: string
  readonly send: () => Promise<Response>
  /** Whether `send` can probably be called again: a stream can be read only once. */
  readonly isReplayable: boolean
  /** Whether it can, after it has been called. */
  readonly prepareReplay: () => Promise<boolean>
  readonly signal: AbortSignal | undefined
  /** Whether it is sent with the session's cookies. */
  readonly hasSession: boolean
  /** Whether it may wait for a refresh, or cause one. */
  readonly mayRefresh: boolean
}

/** What a request of this method to an API is sent with, besides the caller's headers. */
export type ApiHeaders = (method: string) => Readonly<Record<string, string>>

const isRequest = (value: unknown): value is Request =>
  typeof value === 'object' && value !== null && 'headers' in value && 'clone' in value

const isStream = (body: BodyInit): boolean =>
  typeof body === 'object' && ('getReader' in body || Symbol.asyncIterator in body)

/**
 * Prepares a request as `fetch` would understand it, with cookies and the profile's headers.
 *
 * @param url - the absolute URL
 * @param apiHeaders - replace the caller's headers of the same name
 * @throws {TypeError} when the body of a `Request` has been read already
 */
export function createApiRequest(
  platform: ClientPlatform,
  url: URL,
  apiHeaders: ApiHeaders,
  input: string | URL | Request,
  init: ApiRequestInit | null | undefined,
): ApiRequest {
  const given = isRequest(input) ? input : undefined
  const request = isRequest(init) ? new Request(given ?? url.href, init.clone()) : given
  const own = isRequest(init) ? {} : readInit(init)
  const method = own.method ?? request?.method ?? 'GET'
  // As they are now: the request may wait for a refresh, and be sent again after it.
  const body = own.body == null ? undefined : copyBody(own.body)
  const givenHeaders = new Headers(own.headers ?? request?.headers)
  const hasSession = (own.credentials ?? request?.credentials) !== 'omit'
  const mayRefresh = hasSession && init?.refresh !== false
  // Some browsers do not expose whether a Request has a body.
  const mayHaveBody = request?.body !== null && !/^(?:GET|HEAD)$/i.test(method)
  const copy =
    request && body === undefined && mayHaveBody && mayRefresh
      ? keepBody(platform, request)
      : undefined
  const isReplayable = copy ? copy.isWhole : body === undefined || !isStream(body)
  let kept: Blob | undefined

  return {
    method,
    async send() {
      const headers = new Headers(givenHeaders)
      for (const [name, value] of Object.entries(apiHeaders(method))) headers.set(name, value)
      const init: RequestInit = {
        // Else `fetch` forgets those of the Request.
        ...(request && { referrer: request.referrer, referrerPolicy: request.referrerPolicy }),
        ...own,
        headers,
        credentials: hasSession ? 'include' : 'omit',
      }
      const content = kept ?? body
      if (content) init.body = content
      return platform.fetch(request ?? url.href, init)
    },
    isReplayable,
    async prepareReplay() {
      if (!copy) return isReplayable
      kept ??= await copy.read()
      return kept !== undefined
    },
    signal: (own.signal === undefined ? request?.signal : own.signal) ?? undefined,
    hasSession,
    mayRefresh,
  }
}

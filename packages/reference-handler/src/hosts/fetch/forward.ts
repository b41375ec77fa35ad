// Forwarding with fetch, and what becomes of the upstream's answer.
import type { Schedule } from '../../ports.ts'
import type { Forward } from '../../proxy/decision.ts'
import type { HeaderLines } from '../../proxy/headers.ts'
import type { ProofAnswer } from '../../proxy/proofs.ts'
import type { UpstreamFailureCode } from '../../proxy/upstream-refusal.ts'
import { headersOf, linesOf } from './header-lines.ts'

/** What goes to an upstream. */
export interface UpstreamInit {
  readonly method: string
  readonly headers: Headers
  readonly body: ReadableStream<Uint8Array> | null
  readonly redirect: 'manual'
  readonly signal: AbortSignal
  /** Fetch demands it of a body that is a stream. */
  readonly duplex: 'half'
}

/** Sends a request to an upstream; resolves as soon as the upstream has sent its headers. */
export type SendUpstream = (url: string, init: UpstreamInit) => Promise<Response>

/** What answers, and requests that are sent again, are made with. */
export interface Exchange {
  /** Makes the headers of the answer from the upstream's. */
  readonly answerHeaders: (upstream: HeaderLines) => HeaderLines
  /** Resolves with other headers for the request, where an answer asks for another proof of possession. */
  readonly proveAgain: (answer: ProofAnswer) => Promise<HeaderLines> | undefined
}

/** How requests reach upstreams here. */
export interface ForwardOptions {
  readonly send: SendUpstream
  /** Content codings that `send` undoes without being asked to. */
  readonly decoded: ReadonlySet<string>
  /** Whether nothing encoded is asked for. */
  readonly asksForIdentity: boolean
  readonly schedule: Schedule
}

/** The upstream's answer, or why there is none. */
export type ForwardResult =
  | { readonly kind: 'answered'; readonly response: Response }
  | { readonly kind: 'failed'; readonly code: UpstreamFailureCode; readonly cause: unknown }

/** @see {@link https://fetch.spec.whatwg.org/#null-body-status Fetch, null body status} */
const withoutBody = new Set([204, 205, 304])

/**
 * Forwards a request. Bodies are streamed in both directions, and no redirect is followed. A request that is refused
 * because its proof of possession needs a nonce is sent once more, if it has no body.
 */
export async function forwardByFetch(
  decision: Forward,
  request: Request,
  { answerHeaders, proveAgain }: Exchange,
  options: ForwardOptions,
): Promise<ForwardResult> {
  const { send, asksForIdentity, decoded, schedule } = options
  const leave = new AbortController()
  let isLate = false
  const callOff = schedule(decision.timeout * 1000, () => {
    isLate = true
    leave.abort()
  })
  const hasLeft = () => leave.abort()
  request.signal.addEventListener('abort', hasLeft)
  try {
    const sendWith = (lines: HeaderLines) =>
      send(decision.origin + decision.path, {
        method: request.method,
        headers: upstreamHeaders(lines, asksForIdentity),
        body: request.body,
        redirect: 'manual',
        signal: leave.signal,
        duplex: 'half',
      })
    let upstream = await sendWith(decision.headers)
    const { headers, status } = upstream
    const mayProveAgain = status === 401 && request.body === null
    const proven = mayProveAgain ? proveAgain({ status, headers: linesOf(headers) }) : undefined
    if (proven !== undefined) {
      await upstream.body?.cancel()
      upstream = await sendWith(await proven)
    }
    return { kind: 'answered', response: answer(upstream, request.method, answerHeaders, decoded) }
  } catch (cause) {
    request.signal.removeEventListener('abort', hasLeft)
    return { kind: 'failed', code: isLate ? 'upstream_timeout' : 'upstream_error', cause }
  } finally {
    callOff()
  }
}

/**
 * What the upstream gets to see. How long the body is, the runtime says, in the framing that it chooses; two
 * statements could differ. Where fetch would decode what it gets, nothing encoded is asked for: a decoded answer no
 * longer is what its validators are about (RFC 9110 section 8.8.3), and its length is unknown.
 */
function upstreamHeaders(lines: HeaderLines, asksForIdentity: boolean): Headers {
  const headers = headersOf(lines, (name) => name !== 'content-length')
  if (asksForIdentity) headers.set('accept-encoding', 'identity')
  return headers
}

function answer(
  upstream: Response,
  method: string,
  answerHeaders: (upstream: HeaderLines) => HeaderLines,
  decoded: ReadonlySet<string>,
): Response {
  const { status, statusText } = upstream
  const body = method === 'HEAD' || withoutBody.has(status) ? null : upstream.body
  const isDecoded = body !== null && undoes(decoded, upstream.headers.get('content-encoding'))
  // RFC 9110 section 8.6: an answer without content states no length.
  const hasLength = !isDecoded && status !== 204
  const headers = headersOf(
    answerHeaders(linesOf(upstream.headers)),
    (name) =>
      (name !== 'content-encoding' || !isDecoded) && (name !== 'content-length' || hasLength),
  )
  return new Response(body, { status, statusText, headers })
}

/** Whether fetch has undone all codings of an answer; where it does not know one, it leaves all of them. */
function undoes(decoded: ReadonlySet<string>, codings: string | null): boolean {
  if (codings === null) return false
  return codings.split(',').every((coding) => decoded.has(coding.trim().toLowerCase()))
}

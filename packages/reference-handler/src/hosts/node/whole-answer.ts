// Sending a small request with undici and reading its answer as a whole.
import type { Dispatcher } from 'undici'
import { UnusableAnswer } from '../../oauth-client/safe-errors.ts'
import type { FetchInit } from '../../ports.ts'
import { decodeContent, isTooLarge } from './content-coding.ts'

/** An answer and its body, decoded. */
export interface Answer {
  readonly status: number
  /** Names in lower case; several lines of one name with a comma between. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** Bytes of a body, as it comes and decoded: 16 MiB. Time alone would let a fast server fill the memory. */
const MAX_BODY_BYTES = 16_777_216

const tooLarge = (): UnusableAnswer => new UnusableAnswer('it has more than 16 MiB.')

/**
 * Sends a request. Resolves with whatever answer comes, a redirect too. Rejects with the signal's reason when it aborts,
 * and as Fetch does where there is no answer, and for a URL with credentials, which would be in its address.
 *
 * @throws {UnusableAnswer} when the answer is too large
 */
export async function sendWhole(
  dispatcher: Dispatcher,
  { origin, pathname, search, username, password }: URL,
  { method, headers, body, signal }: Omit<FetchInit, 'tls'>,
): Promise<Answer> {
  signal?.throwIfAborted()
  if (username !== '' || password !== '') throw new TypeError('The URL has credentials.')
  const options = {
    origin,
    path: pathname + search,
    method,
    // What servers and firewalls are used to of Fetch; and no coding, which takes longer than it saves here.
    headers: { ...usual, ...lowerCase(headers), 'accept-encoding': 'identity' },
    body: body == null ? null : String(body),
  }
  try {
    return await decode(await collect(dispatcher, options, signal))
  } catch (cause) {
    signal?.throwIfAborted()
    if (cause instanceof UnusableAnswer) throw cause
    if (isTooLarge(cause)) throw tooLarge()
    throw new TypeError('fetch failed', { cause })
  }
}

const usual = { accept: '*/*', 'user-agent': 'undici' }

const lowerCase = (headers: FetchInit['headers']): FetchInit['headers'] =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))

function collect(
  dispatcher: Dispatcher,
  options: Dispatcher.DispatchOptions,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    let head: Omit<Answer, 'body'> = { status: 0, headers: {} }
    let controller: Dispatcher.DispatchController | undefined
    const abort = (): void => {
      const reason = new Error('The request was aborted.')
      controller?.abort(reason)
      reject(reason)
    }
    signal?.addEventListener('abort', abort)
    const settle = (action: () => void): void => {
      signal?.removeEventListener('abort', abort)
      action()
    }
    dispatcher.dispatch(options, {
      onRequestStart(started) {
        controller = started
        if (signal?.aborted) abort()
      },
      onResponseStart(_controller, status, headers) {
        // Interim answers are followed by another.
        if (status >= 200) head = { status, headers: combineLines(headers) }
      },
      onResponseData(started, chunk) {
        bytes += chunk.length
        if (bytes > MAX_BODY_BYTES) started.abort(tooLarge())
        else chunks.push(chunk)
      },
      onResponseEnd() {
        const [only, ...more] = chunks
        const body = only !== undefined && more.length === 0 ? only : Buffer.concat(chunks)
        settle(() => resolve({ ...head, body }))
      },
      onResponseError(_controller, error) {
        settle(() => reject(error))
      },
    })
  })
}

function combineLines(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): Readonly<Record<string, string>> {
  const combined: Record<string, string> = {}
  for (const [name, value = ''] of Object.entries(headers)) {
    combined[name] = typeof value === 'string' ? value : value.join(', ')
  }
  return combined
}

async function decode(answer: Answer): Promise<Answer> {
  const codings = answer.headers['content-encoding']
  if (codings === undefined) return answer
  return { ...answer, body: await decodeContent(answer.body, codings, MAX_BODY_BYTES) }
}

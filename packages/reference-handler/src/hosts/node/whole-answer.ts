// Sending a small request with undici and reading its answer as a whole.
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'
import type { Dispatcher } from 'undici'
import type { FetchInit } from '../../ports.ts'

/** An answer and its body, decoded. */
export interface Answer {
  readonly status: number
  /** Names in lower case; several lines of one name with a comma between. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** Bytes of a decoded body: a few of them can stand for any number. */
const MAX_DECODED_BYTES = 16_777_216

/** Codings are not asked for; some servers use one all the same. */
const decoders = new Map([
  ['br', promisify(brotliDecompress)],
  ['deflate', promisify(inflate)],
  ['gzip', promisify(gunzip)],
  ['x-gzip', promisify(gunzip)],
])

/**
 * Sends a request. Resolves with whatever answer comes, a redirect too. Rejects with the signal's reason when it aborts,
 * and as Fetch does where there is no answer.
 */
export async function sendWhole(
  dispatcher: Dispatcher,
  { origin, pathname, search }: URL,
  { method, headers, body, signal }: Omit<FetchInit, 'tls'>,
): Promise<Answer> {
  signal?.throwIfAborted()
  const options = {
    origin,
    path: pathname + search,
    method,
    // What servers and firewalls are used to of Fetch; and no coding, which takes longer than it saves here.
    headers: { 'user-agent': 'undici', ...headers, 'accept-encoding': 'identity' },
    body: body == null ? null : String(body),
  }
  try {
    return await decode(await collect(dispatcher, options, signal))
  } catch (cause) {
    signal?.throwIfAborted()
    throw new TypeError('fetch failed', { cause })
  }
}

function collect(
  dispatcher: Dispatcher,
  options: Dispatcher.DispatchOptions,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
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
      onResponseData(_controller, chunk) {
        chunks.push(chunk)
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
  const coding = answer.headers['content-encoding']?.trim().toLowerCase() ?? 'identity'
  if (coding === 'identity' || answer.body.length === 0) return answer
  const decoder = decoders.get(coding)
  if (decoder === undefined) throw new Error('The answer has an unknown content coding.')
  return { ...answer, body: await decoder(answer.body, { maxOutputLength: MAX_DECODED_BYTES }) }
}

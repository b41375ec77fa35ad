// Keeps the body of a `Request` for a second sending, while the first one goes out.
import type { ClientPlatform } from '../platform/lifetime.ts'
import { wait } from '../platform/wait.ts'

// Bodies of these types are made in one piece, so they are kept whatever their size; see decisions/0012.
const WHOLE_BODY = /[/+]json\b|form|^text\//
const MAX_SIZE = 2 ** 20
// A 401 comes when the body has been sent: by then its copy has arrived, or it is a stream that goes on.
const MAX_WAIT = 1000

/** Reads a stream up to the limit; `undefined` for a longer one, of which the rest is not kept. */
async function readWithin(stream: ReadableStream<Uint8Array>): Promise<Blob | undefined> {
  const reader = stream.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return new Blob(chunks as BlobPart[])
    size += value.byteLength
    if (size > MAX_SIZE) {
      void reader.cancel()
      return undefined
    }
    chunks.push(value)
  }
}

/** A copy of a body. */
export interface KeptBody {
  /** Whether it is known to be no stream. */
  readonly isWhole: boolean
  /** Gives the copy, or `undefined` when it is too large or not complete. */
  readonly read: () => Promise<Blob | undefined>
}

/**
 * Begins to keep a copy. It is a file, JSON or a form in one piece, or a stream: `Request` does not tell them
 * apart.
 *
 * @throws {TypeError} when the body has been read already
 */
export function keepBody(platform: ClientPlatform, request: Request): KeptBody {
  const isWhole = WHOLE_BODY.test(request.headers.get('content-type') ?? '')
  const copy = request.clone()
  // Without a type: its headers say what it is, or the caller has taken that away.
  const kept = (
    copy.body && !isWhole ? readWithin(copy.body) : copy.blob().then((blob) => blob.slice())
  ).catch(() => undefined)
  return {
    isWhole,
    read: () => Promise.race([kept, wait(platform, MAX_WAIT).then(() => undefined)]),
  }
}

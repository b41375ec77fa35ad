// Requests and answers as plain data, for hosts that have no Fetch of their own: there, making its objects costs more than
// answering. And from Fetch to plain data and back.

/** A request as the agent reads it. */
export interface PlainRequest {
  readonly method: string
  /** The path, as URL parsing leaves it. */
  readonly pathname: string
  /** The host that was asked, with its port, where the host of this code knows it. */
  readonly host: string
  /** The value of a header, by its name in lower case; the lines of one name combined as the host's Fetch does it. */
  readonly header: (name: string) => string | undefined
  /**
   * Resolves with the body, or with `undefined` as soon as it grows over the limit. Rejects when the body breaks off.
   * To be called once.
   */
  readonly readBody: (maxBytes: number) => Promise<Uint8Array | undefined>
  /** The same request in the form of Fetch, its body unread. */
  readonly toFetch: () => Request
}

/** An answer that is there as a whole. */
export interface PlainAnswer {
  readonly status: number
  /** Names in lower case, one line each. */
  readonly headers: Readonly<Record<string, string>>
  /** Values of `Set-Cookie`, one line each. */
  readonly setCookies: readonly string[]
  /** `null` where the status has none. */
  readonly body: string | null
}

/** Reads a request of Fetch. */
export function fromFetch(request: Request): PlainRequest {
  const { host, pathname } = new URL(request.url)
  const { headers, method } = request
  return {
    method,
    pathname,
    host: headers.get('host') ?? host,
    header: (name) => headers.get(name) ?? undefined,
    readBody: (maxBytes) => readBytes(request, maxBytes),
    toFetch: () => request,
  }
}

/** Makes a response of Fetch. */
export function toResponse({ status, headers, setCookies, body }: PlainAnswer): Response {
  const all = new Headers(headers)
  for (const setCookie of setCookies) all.append('set-cookie', setCookie)
  return new Response(body, { status, headers: all })
}

async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = []
  let length = 0
  const reader = request.body?.getReader()
  for (let chunk = await reader?.read(); chunk?.value; chunk = await reader?.read()) {
    length += chunk.value.length
    if (length > maxBytes) {
      await reader?.cancel()
      return undefined
    }
    chunks.push(chunk.value)
  }
  return concatenate(chunks, length)
}

/** One chunk, as most bodies are, stays as it is. */
export function concatenate(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const [only, ...more] = chunks
  if (only !== undefined && more.length === 0) return only
  const whole = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    whole.set(chunk, offset)
    offset += chunk.length
  }
  return whole
}

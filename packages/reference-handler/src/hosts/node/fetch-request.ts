// A Fetch `Request` from Node's own.
import type { IncomingMessage } from 'node:http'

/** The agent does not use the host: it is not checked against anything, so it is not passed on. */
export const BASE_HOST = 'handler.invalid'

const BASE = `http://${BASE_HOST}`

/**
 * Makes a Fetch request of an incoming one; its body is read as it arrives. When the reader stops
 * early, the connection stays open, so that the refusal can still be sent.
 *
 * @throws {TypeError} for a method or a target that Fetch cannot express
 */
export function toFetchRequest(incoming: IncomingMessage): Request {
  const { method = 'GET', rawHeaders, url = '/' } = incoming
  const headers = new Headers()
  for (let index = 0; index < rawHeaders.length; index += 2) {
    headers.append(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '')
  }
  const body = method === 'GET' || method === 'HEAD' ? null : readBody(incoming)
  const init: RequestInit & { duplex: 'half' } = { method, headers, body, duplex: 'half' }
  return new Request(new URL(url, BASE), init)
}

/** Reads nothing before it is pulled: Node drops by itself a body that was never read. */
function readBody(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  const chunks = incoming.iterator({ destroyOnReturn: false })
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await chunks.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
      async cancel() {
        await chunks.return?.()
        incoming.resume()
      },
    },
    { highWaterMark: 0 },
  )
}

// Sending a request over HTTP just as it is, the headers included that fetch would not let pass.
import * as http from 'node:http'
import * as https from 'node:https'
import type { IncomingMessage } from 'node:http'
import { lookupLocalNames } from './local-names.ts'

/** Milliseconds that any answer may take, its body included. */
const TIMEOUT = 30_000

/**
 * Sends a request and follows no redirect.
 *
 * @returns the response as soon as its head is there
 * @throws what the connection fails with
 */
export async function sendOverHttp(request: Request): Promise<Response> {
  const body = await request.text()
  const url = new URL(request.url)
  const { request: open } = url.protocol === 'https:' ? https : http
  const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = open(url, {
      method: request.method,
      headers: Object.fromEntries(request.headers),
      lookup: lookupLocalNames,
      agent: false,
      signal: AbortSignal.timeout(TIMEOUT),
    })
    outgoing.on('response', resolve)
    outgoing.on('upgrade', (_response, socket) => {
      socket.destroy()
      reject(new Error('The server upgraded the connection.'))
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
  return toResponse(incoming)
}

function toResponse(incoming: IncomingMessage): Response {
  const headers = new Headers()
  for (const [name, values] of Object.entries(incoming.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value)
  }
  const { statusCode: status = 0 } = incoming
  const isEmpty = [204, 205, 304].includes(status)
  if (isEmpty) incoming.resume()
  return new Response(isEmpty ? null : toStream(incoming), { status, headers })
}

function toStream(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  const chunks = incoming.iterator()
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    async cancel() {
      incoming.destroy()
    },
  })
}

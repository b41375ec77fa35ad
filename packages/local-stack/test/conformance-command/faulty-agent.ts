// An agent with a fault: the local stack's handler, with something in between that changes its answers.
import { createServer, request as open } from 'node:http'
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

/** What a fault may change of an answer. */
export interface FaultyAnswer {
  readonly headers: OutgoingHttpHeaders
  readonly body: string
}

/** A fault: changes an answer. */
export type Fault = (answer: FaultyAnswer, path: string) => FaultyAnswer

/** Adds or changes `Set-Cookie` lines. */
export const changeSetCookies =
  (change: (line: string) => string): Fault =>
  ({ headers, body }) => ({
    headers: { ...headers, 'set-cookie': [headers['set-cookie'] ?? []].flat().map(change) },
    body,
  })

/** Starts the faulty agent in front of a handler; resolves with its URL and what ends it. */
export async function startFaultyAgent(handlerUrl: string, fault: Fault) {
  const handler = new URL(handlerUrl)
  const server = createServer((incoming, outgoing) => {
    const { method = 'GET', url = '/', headers } = incoming
    const address = { host: '127.0.0.1', port: handler.port, path: url, method, headers }
    const forwarded = open({ ...address, agent: false }, (answer: IncomingMessage) => {
      void text(answer).then((content) => {
        const changed = fault({ headers: answer.headers, body: content }, url)
        const { 'content-length': _length, 'transfer-encoding': _, ...rest } = changed.headers
        outgoing.writeHead(answer.statusCode ?? 500, rest).end(changed.body)
      })
    })
    incoming.pipe(forwarded)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://${handler.hostname}:${port}`,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

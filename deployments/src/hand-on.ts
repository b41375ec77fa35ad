// Handing a request on to another server of this machine.
import { request } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'

/** Hands it on as it is. */
export function handOn(port: number, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { method, rawHeaders: headers, url: path } = incoming
  const onward = request({ host: '127.0.0.1', port, method, path, headers, setHost: false })
  onward.on('response', (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
    answer.pipe(outgoing)
  })
  onward.on('error', () => outgoing.destroy())
  incoming.pipe(onward)
}

// Answering on a bare socket, where no server response exists.
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { HeaderLines } from '../../proxy/headers.ts'

/** The head of an answer, with the empty line that ends it. */
export function headText(status: number, headers: HeaderLines): string {
  let text = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n`
  for (let index = 0; index < headers.length; index += 2) {
    text += `${headers[index]}: ${headers[index + 1]}\r\n`
  }
  return `${text}\r\n`
}

/** Answers and closes the connection. */
export function answerAndClose(
  socket: Duplex,
  status: number,
  headers: HeaderLines,
  body = '',
): void {
  // RFC 9110 section 8.6: an answer without content states no length.
  const length = status === 204 ? [] : ['content-length', String(Buffer.byteLength(body))]
  const head = headText(status, [...headers, ...length, 'connection', 'close'])
  socket.end(Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(body)]), () => {
    socket.destroy()
  })
}

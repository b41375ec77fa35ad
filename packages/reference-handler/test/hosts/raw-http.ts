// HTTP spoken byte by byte over a socket: fetch and URL would mend what these tests send.
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'

/** An answer as it came over the wire, its body without chunk sizes. */
export interface RawAnswer {
  readonly status: number
  /** Values by lower-case name, in the order of their lines. */
  readonly headers: Readonly<Record<string, readonly string[]>>
  readonly body: string
}

/** The text of a request without a body, as Latin-1; lines in the order given. */
export function requestText(method: string, target: string, lines: readonly string[]): string {
  return `${[`${method} ${target} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n`
}

/** A connection to a server on this machine. */
export function openSocket(port: number): Socket {
  const socket = connect({ port, host: '127.0.0.1' })
  // Being cut off is what some tests wait for, with `close`.
  socket.on('error', () => {})
  return socket
}

/** Sends bytes over a fresh connection and reads until the server closes it. */
export async function sendRaw(port: number, text: string): Promise<RawAnswer> {
  const socket = openSocket(port)
  socket.write(text, 'latin1')
  return parseAnswer(await readAll(socket))
}

/** Reads until the connection is closed. */
export async function readAll(socket: Socket): Promise<string> {
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk))
  if (!socket.closed) await once(socket, 'close')
  return Buffer.concat(chunks).toString('latin1')
}

/** Reads from a socket until the text so far holds what is looked for; rejects when it closes before. */
export async function readUntil(socket: Socket, wanted: string): Promise<string> {
  let text = ''
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    text += String(chunk)
    if (text.includes(wanted)) return text
  }
  throw new Error(`The connection was closed before ${JSON.stringify(wanted)} came.`)
}

/** Reads one answer, of which nothing is missing but the rest of the body. */
export function parseAnswer(text: string): RawAnswer {
  const end = text.indexOf('\r\n\r\n')
  const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n')
  const headers: Record<string, string[]> = {}
  for (const line of lines) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    headers[name] = [...(headers[name] ?? []), line.slice(colon + 1).trim()]
  }
  const body = text.slice(end + 4)
  const chunked = headers['transfer-encoding']?.includes('chunked')
  return { status: Number(statusLine.split(' ')[1]), headers, body: chunked ? unchunk(body) : body }
}

function unchunk(body: string): string {
  const end = body.indexOf('\r\n')
  const size = Number.parseInt(body.slice(0, end), 16)
  if (!(size > 0)) return ''
  return body.slice(end + 2, end + 2 + size) + unchunk(body.slice(end + 4 + size))
}

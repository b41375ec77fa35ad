// Taking `100 Continue` out of what an upstream, or the authorization server, sends: undici breaks the connection off at one.
import type { Socket } from 'node:net'

/** Told when the next bytes of a connection are the head of an answer. */
export interface HeadWatch {
  readonly expectHead: () => void
}

const EMPTY: Buffer = Buffer.alloc(0)

/** An interim answer that does not end within so many bytes is left to the parser, which refuses it. */
const MAX_HEAD_BYTES = 16_384

/**
 * Drops every `100 Continue` before the answer to a request. No request of ours asks for one, but
 * servers send them unasked (IIS, servlet containers behind other gateways), and a client has to be
 * able to read that. Other interim answers pass, and so does everything after the head of the final one.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110#section-15.2 RFC 9110 section 15.2}
 */
export function dropContinues(socket: Socket): HeadWatch {
  let isHeadNext = false
  let held: Buffer = EMPTY
  const push = socket.push.bind(socket)

  /** What of the bytes at hand the parser gets; what it takes more bytes to judge is held back. */
  function filter(chunk: Buffer): Buffer {
    let rest: Buffer = held.length === 0 ? chunk : Buffer.concat([held, chunk])
    const passed: Buffer[] = []
    while (isHeadNext && rest.length > 0) {
      const head = readInterimHead(rest)
      if (head === 'incomplete') break
      if (head === 'final') isHeadNext = false
      else {
        if (head.status !== 100) passed.push(rest.subarray(0, head.end))
        rest = rest.subarray(head.end)
      }
    }
    held = isHeadNext ? rest : EMPTY
    if (!isHeadNext) passed.push(rest)
    return passed.length === 1 ? (passed[0] ?? EMPTY) : Buffer.concat(passed)
  }

  socket.push = (chunk: unknown, encoding) => {
    if (isHeadNext && Buffer.isBuffer(chunk)) {
      // Nearly always: `HTTP/1.1 2`, or no HTTP at all.
      if (held.length === 0 && chunk.length > STATUS_START && chunk[STATUS_START] !== DIGIT_1) {
        isHeadNext = false
        return push(chunk)
      }
      return push(filter(chunk))
    }
    if (held.length > 0) {
      push(held)
      held = EMPTY
    }
    return push(chunk, encoding)
  }
  return {
    expectHead: () => {
      isHeadNext = true
    },
  }
}

const START = Buffer.from('HTTP/1.')

/** `HTTP/1.1 1xx`: the length of the least text that shows an interim answer. */
const STATUS_END = 12

/** `HTTP/1.1 `: where the status stands. */
const STATUS_START = 9

const DIGIT_1 = 0x31

function readInterimHead(
  bytes: Buffer,
): 'incomplete' | 'final' | { readonly status: number; readonly end: number } {
  const length = Math.min(bytes.length, START.length)
  if (bytes.compare(START, 0, length, 0, length) !== 0) return 'final'
  if (bytes.length > STATUS_START && bytes[STATUS_START] !== DIGIT_1) return 'final'
  const end = bytes.length < STATUS_END ? -1 : bytes.indexOf('\r\n\r\n', STATUS_END, 'latin1')
  if (end < 0) return bytes.length > MAX_HEAD_BYTES ? 'final' : 'incomplete'
  const status = Number(bytes.toString('latin1', STATUS_START, STATUS_END))
  // A switch of protocols is final, as far as HTTP goes.
  return status === 101 ? 'final' : { status, end: end + 4 }
}

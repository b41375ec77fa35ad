// As much of the WebSocket protocol as it takes to close a relayed connection with a status code.

/**
 * A close frame as a server sends it.
 *
 * @param reason - ASCII, at most 123 characters
 * @see {@link https://www.rfc-editor.org/rfc/rfc6455#section-5.5.1 RFC 6455 section 5.5.1}
 */
export function closeFrame(code: number, reason: string): Buffer {
  const frame = Buffer.alloc(4 + reason.length)
  frame.writeUInt8(0x88, 0)
  frame.writeUInt8(2 + reason.length, 1)
  frame.writeUInt16BE(code, 2)
  frame.write(reason, 4, 'ascii')
  return frame
}

/** Follows a stream of frames, to know where one ends: only there may another be put in. */
export interface FrameTracker {
  /** Whether the last chunk ended with the end of a frame. */
  readonly isBetweenFrames: () => boolean
  /** Takes the next chunk; returns where the first frame ends in it, if one does. */
  readonly track: (chunk: Buffer) => number | undefined
}

/** Bytes that lengths take beside the first two of a header, by what the second byte says. */
const extraLengthBytes: Readonly<Record<number, number>> = { 126: 2, 127: 8 }

/** @see {@link https://www.rfc-editor.org/rfc/rfc6455#section-5.2 RFC 6455 section 5.2} */
export function createFrameTracker(): FrameTracker {
  /** Of the frame that is under way: its header so far, then what is left of its payload. */
  let header: number[] = []
  let payloadLeft = 0

  /** Adds a byte to the header; once it is whole, the payload begins. */
  function readHeader(byte: number): void {
    header.push(byte)
    const [, second] = header
    if (second === undefined) return
    const extra = extraLengthBytes[second & 0x7f] ?? 0
    const maskBytes = second & 0x80 ? 4 : 0
    if (header.length < 2 + extra + maskBytes) return
    const length = header.slice(2, 2 + extra)
    payloadLeft = extra === 0 ? second & 0x7f : length.reduce((sum, next) => sum * 256 + next, 0)
    header = []
  }

  return {
    isBetweenFrames: () => header.length === 0 && payloadLeft === 0,
    track(chunk) {
      let firstEnd: number | undefined
      let offset = 0
      while (offset < chunk.length) {
        if (payloadLeft > 0) {
          const taken = Math.min(payloadLeft, chunk.length - offset)
          payloadLeft -= taken
          offset += taken
        } else {
          readHeader(chunk[offset] ?? 0)
          offset += 1
        }
        if (payloadLeft === 0 && header.length === 0) firstEnd ??= offset
      }
      return firstEnd
    },
  }
}

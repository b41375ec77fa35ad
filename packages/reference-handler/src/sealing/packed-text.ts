// Packing text that consists mostly of base64url, as tokens do, into three quarters of its length.
import { decodeBase64url, encodeBase64url } from '../base64url.ts'

/**
 * Whole groups of four base64url characters: each stands for exactly three bytes and back, so that
 * any text survives, also one whose last characters are not canonical base64url. The upper bound
 * keeps the byte count within the two bytes that announce it.
 */
const PACKABLE = /(?:[\w-]{4}){8,16384}/g

/** Ends a stretch of text. */
const NUL = '\0'

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })
const encodeUtf8 = (text: string) => encoder.encode(text)

/**
 * Packs text into bytes: stretches of text as UTF-8, each ended by NUL and followed by the length
 * and bytes of a stretch of base64url.
 *
 * @param text - anything without NUL, such as JSON
 * @param decode - base64url, where the host has something faster; it is given nothing else
 */
export function packText(
  text: string,
  decode: (text: string) => Uint8Array = decodeBase64url,
): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = []
  let end = 0
  for (const match of text.matchAll(PACKABLE)) {
    const bytes = decode(match[0])
    parts.push(encodeUtf8(text.slice(end, match.index) + NUL))
    parts.push(Uint8Array.of(bytes.length >> 8, bytes.length & 0xff), bytes)
    end = match.index + match[0].length
  }
  parts.push(encodeUtf8(text.slice(end)))
  return concatenate(parts)
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}

/** Reads a range of the packed bytes as text. */
export type ReadText = (encoding: 'utf8' | 'base64url', start: number, end: number) => string

const createTextReader =
  (packed: Uint8Array): ReadText =>
  (encoding, start, end) => {
    const bytes = packed.subarray(start, end)
    return encoding === 'utf8' ? decoder.decode(bytes) : encodeBase64url(bytes)
  }

/**
 * Unpacks what {@link packText} packed. Throws when the bytes are anything else.
 *
 * @param readText - where the host has something faster
 */
export function unpackText(
  packed: Uint8Array,
  readText: ReadText = createTextReader(packed),
): string {
  let text = ''
  let start = 0
  for (let nul = packed.indexOf(0); nul >= 0; nul = packed.indexOf(0, start)) {
    const [high, low] = [packed[nul + 1], packed[nul + 2]]
    if (high === undefined || low === undefined) throw new RangeError('Packed text is cut off.')
    const end = nul + 3 + ((high << 8) | low)
    text += readText('utf8', start, nul) + readText('base64url', nul + 3, end)
    start = end
  }
  return text + readText('utf8', start, packed.length)
}

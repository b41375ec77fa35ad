// Undoing the content codings of an answer, which servers use without being asked: as leniently as Fetch does it.
import { promisify } from 'node:util'
import zlib from 'node:zlib'

type Decode = (body: Buffer, maxOutputLength: number) => Promise<Buffer>

const {
  BROTLI_OPERATION_FLUSH,
  Z_SYNC_FLUSH,
  ZSTD_d_windowLogMax: WINDOW,
  ZSTD_e_end,
} = zlib.constants

const gunzip: Decode = (body, maxOutputLength) =>
  // What ends too soon is taken as far as it goes: some servers leave out checksum and length.
  promisify(zlib.gunzip)(body, { maxOutputLength, finishFlush: Z_SYNC_FLUSH })

/** Some servers send the compressed data without the format of zlib around it. */
const inflate: Decode = (body, maxOutputLength) => {
  const hasHeader = ((body[0] ?? 0) & 0x0f) === 0x08
  const decode = promisify(hasHeader ? zlib.inflate : zlib.inflateRaw)
  return decode(body, { maxOutputLength, finishFlush: Z_SYNC_FLUSH })
}

const brotliDecompress: Decode = (body, maxOutputLength) =>
  promisify(zlib.brotliDecompress)(body, { maxOutputLength, finishFlush: BROTLI_OPERATION_FLUSH })

/** @see {@link https://www.rfc-editor.org/rfc/rfc9659.html#section-3 RFC 9659 section 3}: windows of 8 MB at most */
const zstdDecompress: Decode = (body, maxOutputLength) => {
  const params = { [WINDOW]: 23 }
  return promisify(zlib.zstdDecompress)(body, { maxOutputLength, finishFlush: ZSTD_e_end, params })
}

const decoders = new Map([
  ['br', brotliDecompress],
  ['deflate', inflate],
  ['gzip', gunzip],
  ['x-gzip', gunzip],
  ['zstd', zstdDecompress],
])

/** Each one may make much of little. */
const MAX_CODINGS = 5

/**
 * Undoes content codings, the last first. A body stays as it is where one of them is none: servers write character
 * sets there, and what proxies have undone already.
 *
 * @param codings - the value of `Content-Encoding`
 * @param maxOutputLength - bytes that each step may come to
 * @throws when the body does not have these codings, or comes to more: see {@link isTooLarge}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110.html#section-8.4 RFC 9110 section 8.4}
 */
export async function decodeContent(
  body: Buffer,
  codings: string,
  maxOutputLength: number,
): Promise<Buffer> {
  const names = codings.toLowerCase().split(',')
  if (names.length > MAX_CODINGS) throw new Error('The answer has too many content codings.')
  const steps = names.map((name) => decoders.get(name.trim()))
  if (body.length === 0 || !steps.every((step) => step !== undefined)) return body
  let decoded = body
  for (const step of steps.toReversed()) decoded = await step(decoded, maxOutputLength)
  return decoded
}

/** Whether an error says that a decoded body would be larger than allowed. */
export const isTooLarge = (error: unknown): boolean =>
  error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'

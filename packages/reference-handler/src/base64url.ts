// Base64url without padding (RFC 4648 section 5), and the claims of a JWT whose signature is of no concern.

/** What newer runtimes do faster. */
interface NativeBytes {
  readonly toBase64?: (options: {
    readonly alphabet: 'base64url'
    readonly omitPadding: true
  }) => string
}
interface NativeConstructor {
  readonly fromBase64?: (
    text: string,
    options: { readonly alphabet: 'base64url' },
  ) => Uint8Array<ArrayBuffer>
}

/** Bytes that are turned into characters at once: they are arguments of one call. */
const CHUNK = 0x2000

const utf8 = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

/** Encodes bytes, or text as UTF-8. */
export function encodeBase64url(content: Uint8Array | string): string {
  const bytes = typeof content === 'string' ? utf8.encode(content) : content
  const { toBase64 } = bytes as NativeBytes
  if (toBase64) return toBase64.call(bytes, { alphabet: 'base64url', omitPadding: true })
  let binary = ''
  for (let start = 0; start < bytes.length; start += CHUNK) {
    binary += String.fromCharCode(...bytes.subarray(start, start + CHUNK))
  }
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/**
 * Decodes what {@link encodeBase64url} writes.
 *
 * @throws {TypeError} when there is anything else in it: padding, white space, the other alphabet
 */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> {
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1) throw new TypeError('Not base64url.')
  const { fromBase64 } = Uint8Array as NativeConstructor
  if (fromBase64) return fromBase64.call(Uint8Array, text, { alphabet: 'base64url' })
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  const bytes = new Uint8Array(binary.length)
  for (let index = 0; index < binary.length; index += 1) bytes[index] = binary.charCodeAt(index)
  return bytes
}

/**
 * Reads the claims of a JWT, and proves nothing about them: whoever asks knows where it came from, or believes none.
 *
 * @throws when it is none
 * @see {@link https://www.rfc-editor.org/rfc/rfc7519#section-7.2 RFC 7519 section 7.2}
 */
export function readJwtClaims(jwt: string): Readonly<Record<string, unknown>> {
  const [, payload = '', , ...more] = jwt.split('.')
  const claims: unknown = JSON.parse(decoder.decode(decodeBase64url(payload)))
  const isJwt = more.length === 0 && jwt.split('.').length === 3
  if (!isJwt || typeof claims !== 'object' || claims === null || Array.isArray(claims)) {
    throw new TypeError('Not a JWT.')
  }
  return { ...claims }
}

// How TLS connections to the authorization server are made.
import type { Configuration } from '../configuration/schema.ts'
import type { FetchInit } from '../ports.ts'

/** What a request says about its connection; nothing where TLS is as usual. */
export type ServerTls = Pick<FetchInit, 'tls'>

/**
 * For what anybody may ask, such as metadata and keys, and for what the client asks: its certificate is shown only
 * where it authenticates, and where tokens are bound to it.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8705 RFC 8705}
 */
export function serverTls({
  caFile,
  certificateFile,
  keyFile,
}: Configuration['authorizationServer']): {
  readonly anonymous: ServerTls
  readonly authenticated: ServerTls
} {
  const anonymous = caFile === undefined ? {} : { tls: { caFile } }
  return {
    anonymous,
    authenticated:
      certificateFile === undefined ? anonymous : { tls: { caFile, certificateFile, keyFile } },
  }
}

// The files of a TLS connection, as they are configured.

/** Files in PEM format, for TLS to a server. */
export interface TlsFiles {
  /** Certificates of the authorities that are trusted, in place of those of the system. */
  readonly caFile?: string | undefined
  /** The certificate that is shown to the server, with its intermediates. */
  readonly certificateFile?: string | undefined
  /** The private key of that certificate. */
  readonly keyFile?: string | undefined
}

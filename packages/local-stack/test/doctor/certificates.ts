// A certificate authority for one test file, which nobody trusts unless told to.
import { generate } from 'selfsigned'

/** What a server needs, and what a client has to trust. */
export interface Certificates {
  readonly key: string
  readonly cert: string
  readonly ca: string
}

/** Makes an authority, and a certificate of it for these names and 127.0.0.1. */
export async function makeCertificates(names: readonly string[]): Promise<Certificates> {
  const ca = await generate([{ name: 'commonName', value: 'Authority of the tests' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  })
  const leaf = await generate([{ name: 'commonName', value: names[0] ?? 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ca: { key: ca.private, cert: ca.cert },
    extensions: [
      {
        name: 'subjectAltName',
        altNames: [
          ...names.map((value) => ({ type: 2 as const, value })),
          { type: 7 as const, ip: '127.0.0.1' },
        ],
      },
    ],
  })
  return { key: leaf.private, cert: leaf.cert, ca: ca.cert }
}

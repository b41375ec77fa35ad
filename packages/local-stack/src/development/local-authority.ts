// A certificate authority of this machine's developer, and certificates of it for dev servers.
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { generate } from 'selfsigned'

/** What a dev server needs for https. */
export interface LocalCertificate {
  readonly key: string
  readonly cert: string
  /** The file with the authority's certificate, for browsers to trust. */
  readonly authorityFile: string
  /** Whether the authority is new, so that nobody trusts it yet. */
  readonly isNew: boolean
}

/** Days. Browsers accept certificates of at most 398. */
const LEAF_DAYS = 365
const AUTHORITY_DAYS = 3650

const common = { keyType: 'ec', algorithm: 'sha256' } as const

const inDays = (days: number): Date => new Date(Date.now() + days * 86_400_000)

/** Where the authority is kept unless said otherwise: with the user, not with a project. */
export const authorityFolder = (): string => join(homedir(), '.token-handler')

/**
 * Makes a certificate for names of this machine, signed by an authority that is made once and kept.
 *
 * @param names - host names; 127.0.0.1 and ::1 come by themselves
 * @param folder - keeps the authority; nobody else can read its key
 *
 * @example
 * import { createServer } from 'node:https'
 * import { makeLocalCertificate } from '@token-handler/local-stack/development'
 *
 * const { key, cert } = await makeLocalCertificate(['localhost'])
 * createServer({ key, cert }, (_request, response) => response.end('the app')).listen(5173)
 * @see {@link https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.9 RFC 5280 section 4.2.1.9}
 */
export async function makeLocalCertificate(
  names: readonly string[],
  folder: string = authorityFolder(),
): Promise<LocalCertificate> {
  const authorityFile = join(folder, 'authority.pem')
  const keyFile = join(folder, 'authority-key.pem')
  const isNew = !existsSync(authorityFile) || !existsSync(keyFile)
  if (isNew) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const made = await makeAuthority()
    writeFileSync(keyFile, made.private, { mode: 0o600 })
    chmodSync(keyFile, 0o600)
    writeFileSync(authorityFile, made.cert)
  }
  const ca = { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(authorityFile, 'utf8') }
  const leaf = await generate([{ name: 'commonName', value: names[0] ?? 'localhost' }], {
    ...common,
    ca,
    notAfterDate: inDays(LEAF_DAYS),
    extensions: [
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          ...names.map((value) => ({ type: 2 as const, value })),
          { type: 7 as const, ip: '127.0.0.1' },
          { type: 7 as const, ip: '::1' },
        ],
      },
    ],
  })
  return { key: leaf.private, cert: leaf.cert, authorityFile, isNew }
}

/** It can sign certificates for servers, and no other authority. */
const makeAuthority = () =>
  generate([{ name: 'commonName', value: 'Token Handler development authority' }], {
    ...common,
    notAfterDate: inDays(AUTHORITY_DAYS),
    extensions: [
      { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  })

/**
 * The command with which browsers come to trust the authority.
 *
 * @param file - with its certificate
 *
 * @example
 * import { explainTrust } from '@token-handler/local-stack/development'
 *
 * console.log(explainTrust('/home/alice/.token-handler/authority.pem', process.platform))
 * @see {@link https://chromium.googlesource.com/chromium/src/+/main/docs/linux/cert_management.md Chromium, certificate management}
 */
export function explainTrust(file: string, platform: NodeJS.Platform): string {
  if (platform === 'darwin') {
    return `security add-trusted-cert -r trustRoot -k ~/Library/Keychains/login.keychain-db "${file}"`
  }
  if (platform === 'win32') return `certutil -user -addstore Root "${file}"`
  return `certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n token-handler -i "${file}"`
}

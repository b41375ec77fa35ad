// Certificates for TLS between handler, authorization server and API, made anew by OpenSSL for each run.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A certificate and its key, as files. */
export interface Certificate {
  readonly certificateFile: string
  readonly keyFile: string
}

/** An authority that signs certificates. */
export interface Authority {
  readonly caFile: string
  /** Makes a certificate for a DNS name. */
  readonly issue: (name: string) => Certificate
}

const openssl = (...parameters: readonly string[]): void => {
  execFileSync('openssl', parameters, { stdio: 'ignore' })
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']

/** Creates an authority in a folder of its own. */
export function createAuthority(name: string): Authority {
  const folder = mkdtempSync(join(tmpdir(), 'token-handler-ca-'))
  const at = (file: string): string => join(folder, file)
  const subject = (commonName: string) => ['-subj', `/CN=${commonName}`]
  const own = ['-keyout', at('ca.key'), '-out', at('ca.pem'), '-days', '2']
  openssl('req', '-x509', ...newKey, ...subject(name), ...own)
  return {
    caFile: at('ca.pem'),
    issue(dnsName) {
      const [keyFile, certificateFile] = [at(`${dnsName}.key`), at(`${dnsName}.pem`)]
      const [request, extensions] = [at(`${dnsName}.csr`), at(`${dnsName}.ext`)]
      writeFileSync(extensions, `subjectAltName=DNS:${dnsName}\n`)
      openssl('req', ...newKey, ...subject(dnsName), '-keyout', keyFile, '-out', request)
      const signer = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial']
      const files = ['-in', request, '-out', certificateFile, '-days', '2', '-extfile', extensions]
      openssl('x509', '-req', ...signer, ...files)
      return { certificateFile, keyFile }
    },
  }
}

/** The contents of a certificate's files, as servers take them. */
export const readCertificate = ({ certificateFile, keyFile }: Certificate) => ({
  cert: readFileSync(certificateFile),
  key: readFileSync(keyFile),
})

// Certificates for TLS in tests, made anew by OpenSSL in a folder of their own.
import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Makes a self-signed certificate for `localhost`, also of an authority, and its key; returns their paths. */
export function createCertificate(commonName: string): {
  readonly certificateFile: string
  readonly keyFile: string
} {
  const folder = mkdtempSync(join(tmpdir(), 'token-handler-tls-'))
  const [certificateFile, keyFile] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')]
  request(commonName, [certificateFile, keyFile])
  return { certificateFile, keyFile }
}

function request(
  commonName: string,
  [certificateFile, keyFile]: readonly [string, string],
  more: readonly string[] = [],
): void {
  const key = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  const names = ['-subj', `/CN=${commonName}`, '-addext', 'subjectAltName=DNS:localhost']
  const files = ['-keyout', keyFile, '-out', certificateFile, '-days', '1']
  execFileSync('openssl', ['req', ...key, ...names, ...files, ...more], { stdio: 'ignore' })
}

/** Makes an authority of one's own, and a certificate for `localhost` that it has signed; returns their paths. */
export function createSignedCertificate(): {
  readonly authorityFile: string
  readonly certificateFile: string
  readonly keyFile: string
} {
  const authority = createCertificate('an authority of this test')
  const folder = mkdtempSync(join(tmpdir(), 'token-handler-tls-'))
  const [certificateFile, keyFile] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')]
  const signer = ['-CA', authority.certificateFile, '-CAkey', authority.keyFile]
  const isNone = ['-addext', 'basicConstraints=critical,CA:FALSE']
  request('localhost', [certificateFile, keyFile], [...signer, ...isNone])
  return { authorityFile: authority.certificateFile, certificateFile, keyFile }
}

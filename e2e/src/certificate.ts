// A certificate for the names of the tests, good for one run and known to nobody.
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** A key and its certificate, as PEM. */
export interface Certificate {
  readonly key: Buffer
  readonly cert: Buffer
}

/** Has `openssl` make a certificate that signs itself, for a domain and the hosts below it. */
export async function createCertificate(domain: string): Promise<Certificate> {
  const folder = await mkdtemp(join(tmpdir(), 'certificate-'))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const parameters =
    `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -keyout ${key} -out ${cert} ` +
    `-subj /CN=${domain} -addext subjectAltName=DNS:${domain},DNS:*.${domain}`
  try {
    await promisify(execFile)('openssl', parameters.split(' '))
    return { key: await readFile(key), cert: await readFile(cert) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

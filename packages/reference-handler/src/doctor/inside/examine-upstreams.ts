// Whether the APIs behind the proxy can be reached, by TCP, TLS and one HTTP request without credentials.
import { request as httpRequest } from 'node:http'
import { connect as connectTls } from 'node:tls'
import { request as httpsRequest } from 'node:https'
import { lookupHost } from '../../hosts/node/local-names.ts'
import type { Configuration } from '../../configuration/schema.ts'
import type { Finding } from '../finding.ts'
import { describeNetworkError, isCertificateError, untrustedCertificate } from '../network-error.ts'

/** Milliseconds. */
const LIMIT = 5000

/** Looks at every upstream once, all at the same time. Never rejects. */
export async function examineUpstreams(
  { routes }: Pick<Configuration, 'routes'>,
  ca: string | undefined,
): Promise<readonly Finding[]> {
  const upstreams = new Map(
    routes.map(({ path, upstream }) => [new URL(upstream).origin, { path, upstream }]),
  )
  const found = await Promise.all([...upstreams.values()].map((one) => examine(one, ca)))
  return found.flat()
}

type Upstream = Pick<Configuration['routes'][number], 'path' | 'upstream'>

async function examine({ path, upstream }: Upstream, ca?: string): Promise<readonly Finding[]> {
  const about = `the route ${path} to ${upstream}`
  const url = new URL(upstream)
  try {
    const status = await headStatus(url, ca)
    if (status !== 400 || url.protocol === 'https:' || !(await speaksTls(url))) return []
    return [speaksTlsFinding(about, url)]
  } catch (error) {
    if (isCertificateError(error)) return [untrustedCertificate(about, error)]
    if (url.protocol === 'http:' && (await speaksTls(url))) return [speaksTlsFinding(about, url)]
    return [unreachable(about, upstream, error)]
  }
}

/** The status of a HEAD request: any is a sign of life. */
function headStatus(url: URL, ca: string | undefined): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const options = {
      method: 'HEAD',
      agent: false,
      lookup: lookupHost,
      signal: AbortSignal.timeout(LIMIT),
      ...(ca !== undefined && { ca }),
    }
    const request = url.protocol === 'https:' ? httpsRequest : httpRequest
    const outgoing = request(url, options, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    })
    outgoing.once('error', reject)
    outgoing.end()
  })
}

/** Whether a TLS handshake succeeds, whatever the certificate. Nothing is sent over it. */
function speaksTls({ hostname, port }: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectTls({
      host: hostname,
      port: Number(port || 80),
      lookup: lookupHost,
      rejectUnauthorized: false,
      timeout: LIMIT,
    })
    const end = (speaks: boolean) => {
      socket.destroy()
      resolve(speaks)
    }
    socket.once('secureConnect', () => end(true))
    socket.once('timeout', () => end(false))
    socket.once('error', () => end(false))
  })
}

const unreachable = (about: string, upstream: string, error: unknown): Finding => ({
  code: 'upstream_unreachable',
  about,
  cause: `${upstream} cannot be reached: ${describeNetworkError(error)}.`,
  mend: 'Start the API, or correct "upstream" of the route. It is an address as this machine sees it, which in a container is not localhost.',
})

const speaksTlsFinding = (about: string, url: URL): Finding => ({
  code: 'upstream_speaks_tls',
  about,
  cause: `${url.origin} speaks TLS, and the route calls it with plain http.`,
  mend: `Write https:// in place of http:// in "upstream" of the route.`,
})

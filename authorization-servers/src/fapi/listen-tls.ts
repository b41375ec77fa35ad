// HTTPS servers of this process, with or without a request for the client's certificate.
import { readFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Listening } from '../listen.ts'
import type { Authority, Certificate } from './certificates.ts'
import { readCertificate } from './certificates.ts'

/** A server that listens before it knows what to answer: its URL is part of that. */
export interface TlsListening extends Listening {
  readonly answerWith: (listener: RequestListener) => void
}

/**
 * Listens on a free port.
 *
 * @param clients - the authority of certificates that clients are asked for; without one they are not asked
 */
export async function listenTls(
  certificate: Certificate,
  clients?: Authority,
): Promise<TlsListening> {
  const server = createServer({
    ...readCertificate(certificate),
    ...(clients && {
      ca: readFileSync(clients.caFile),
      requestCert: true,
      // What comes without one, or with a foreign one, is refused with an answer that says so.
      rejectUnauthorized: false,
    }),
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    answerWith: (listener) => void server.on('request', listener),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

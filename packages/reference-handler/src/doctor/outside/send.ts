// Requests to the agent as a browser's page sends them, each over a connection of its own.
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { TLSSocket } from 'node:tls'
import { VERSION, VERSION_HEADER } from '@token-handler/contract'
import { lookupHost } from '../../hosts/node/local-names.ts'

/** Milliseconds until an answer has to be there. */
const LIMIT = 15_000

/** Bytes of a body that are looked at. */
const MAX_BODY = 65_536

/** An answer, header lines kept apart. */
export interface Answer {
  readonly status: number
  /** Every line of a header. */
  readonly all: (name: string) => readonly string[]
  /** The body as a JSON object, or nothing. */
  readonly json: Readonly<Record<string, unknown>> | undefined
  /** When the certificate of the connection ends, in milliseconds since the epoch. */
  readonly certificateEnds: number | undefined
}

/** A request. */
export interface Exchange {
  readonly method?: 'GET' | 'POST' | 'OPTIONS'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: URLSearchParams
}

/** Sends one request. Rejects when there is no answer. */
export type Send = (url: string, exchange?: Exchange) => Promise<Answer>

/** What a page of this origin sends with every request. */
export const pageHeaders = (origin: string): Readonly<Record<string, string>> => ({
  origin,
  [VERSION_HEADER]: VERSION,
})

/**
 * Creates what sends requests: none shares a connection with another, so that load balancers choose anew.
 *
 * @param ca - PEM of authorities to trust in place of the system's
 */
export function createSend(ca: string | undefined): Send {
  return (url, { method = 'GET', headers = {}, body } = {}) =>
    new Promise((resolve, reject) => {
      const text = body?.toString() ?? ''
      const options = {
        method,
        agent: false,
        lookup: lookupHost,
        signal: AbortSignal.timeout(LIMIT),
        headers: {
          ...headers,
          ...(method === 'POST' && { 'content-length': Buffer.byteLength(text) }),
          ...(text !== '' && { 'content-type': 'application/x-www-form-urlencoded' }),
        },
        ...(ca !== undefined && { ca }),
      }
      const request = url.startsWith('https:') ? httpsRequest : httpRequest
      const outgoing = request(url, options, (incoming) => {
        const certificateEnds = endOf(incoming.socket)
        let received = ''
        incoming.setEncoding('utf8')
        incoming.on('data', (chunk) => {
          if (received.length < MAX_BODY) received += String(chunk)
        })
        incoming.once('error', reject)
        incoming.once('end', () => {
          const { headersDistinct, statusCode: status = 0 } = incoming
          const all = (name: string) => headersDistinct[name.toLowerCase()] ?? []
          resolve({ status, all, json: parseObject(received), certificateEnds })
        })
      })
      outgoing.once('error', reject)
      outgoing.end(text)
    })
}

function endOf(socket: unknown): number | undefined {
  const { getPeerCertificate } = socket as Partial<TLSSocket>
  const { valid_to: end } = getPeerCertificate?.call(socket) ?? {}
  return end === undefined ? undefined : Date.parse(end)
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}

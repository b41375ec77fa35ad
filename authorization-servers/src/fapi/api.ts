// An API that serves bound access tokens only, and checks all that RFC 9449 and RFC 8705 have it check.
import { createHash, randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { TLSSocket } from 'node:tls'
import { calculateJwkThumbprint, createLocalJWKSet, EmbeddedJWK, jwtVerify } from 'jose'
import type { JSONWebKeySet } from 'jose'
import * as z from 'zod'
import { ORDERS } from './provider.ts'

/** Seconds that the time of a proof may be away from now. */
const WINDOW = 60

const confirmation = z.object({
  jkt: z.string().optional(),
  'x5t#S256': z.string().optional(),
})

/** A refusal: the error of a challenge. */
class Refused extends Error {
  override readonly name = 'Refused'
}

const sha256 = (data: string | Buffer): string =>
  createHash('sha256').update(data).digest('base64url')

/** What the API sees, and how it is changed by a test. */
export interface FapiApi {
  readonly listener: (request: IncomingMessage, response: ServerResponse) => void
  /** Why requests were refused, in order. */
  readonly refusals: readonly string[]
  /** The requests that were served. */
  readonly served: () => number
  /** From now on proofs need another nonce. */
  readonly rotateNonce: () => void
}

/** Creates the API. @param url - by which it is called; @param keys - of the authorization server */
export function createFapiApi(url: string, issuer: string, keys: JSONWebKeySet): FapiApi {
  const findKey = createLocalJWKSet(keys)
  const refusals: string[] = []
  const seen = new Set<string>()
  let nonce = randomBytes(16).toString('base64url')
  let served = 0

  function checkCertificate({ socket }: IncomingMessage, thumbprint: string): void {
    const certificate = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined
    if (certificate === undefined) throw new Refused('no certificate')
    if (sha256(certificate.raw) !== thumbprint) throw new Refused('another certificate')
  }

  async function checkProof(
    { headers, method, url: target = '' }: IncomingMessage,
    accessToken: string,
    thumbprint: string,
  ): Promise<void> {
    const { dpop } = headers
    if (typeof dpop !== 'string') throw new Refused('no proof')
    const { payload, protectedHeader } = await jwtVerify(dpop, EmbeddedJWK, {
      typ: 'dpop+jwt',
      algorithms: ['ES256', 'PS256'],
    })
    const { ath, htm, htu, iat = 0, jti = '', nonce: used } = payload
    const { jwk } = protectedHeader
    if (jwk === undefined || (await calculateJwkThumbprint(jwk)) !== thumbprint) {
      throw new Refused('a proof of another key')
    }
    if (htm !== method || htu !== url + target.split('?')[0]) throw new Refused('another request')
    if (ath !== sha256(accessToken)) throw new Refused('another access token')
    if (Math.abs(iat - Date.now() / 1000) > WINDOW) throw new Refused('another time')
    if (used !== nonce) throw new Refused('use_dpop_nonce')
    if (seen.has(jti)) throw new Refused('a proof that was used before')
    seen.add(jti)
  }

  async function check(request: IncomingMessage): Promise<void> {
    const [, scheme = '', accessToken = ''] =
      /^(\w+) (\S+)$/.exec(request.headers.authorization ?? '') ?? []
    const { payload } = await jwtVerify(accessToken, findKey, { issuer, audience: ORDERS })
    const { jkt, 'x5t#S256': certificate } = confirmation.parse(payload['cnf'] ?? {})
    if (jkt !== undefined) {
      if (scheme !== 'DPoP') throw new Refused('a bound token by the scheme Bearer')
      return await checkProof(request, accessToken, jkt)
    }
    if (scheme !== 'Bearer') throw new Refused('an unbound token by the scheme DPoP')
    if (certificate === undefined) throw new Refused('a token that is not bound')
    checkCertificate(request, certificate)
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('content-type', 'application/json')
    try {
      await check(request)
      served += 1
      response.end(JSON.stringify({ accepted: true }))
    } catch (error) {
      const reason = error instanceof Refused ? error.message : 'an invalid token'
      refusals.push(reason)
      const code = reason === 'use_dpop_nonce' ? reason : 'invalid_token'
      response.setHeader('www-authenticate', `DPoP error="${code}", algs="ES256 PS256"`)
      if (code === 'use_dpop_nonce') response.setHeader('dpop-nonce', nonce)
      response.writeHead(401).end(JSON.stringify({ accepted: false }))
    }
  }

  return {
    listener: (request, response) => void answer(request, response),
    refusals,
    served: () => served,
    rotateNonce: () => {
      nonce = randomBytes(16).toString('base64url')
    },
  }
}

// Keys that access tokens are bound to in tests, and the check of a proof as a server makes it.
import { calculateJwkThumbprint, EmbeddedJWK, exportJWK, generateKeyPair, jwtVerify } from 'jose'
import type { JWTPayload } from 'jose'

async function createKey(alg: string) {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  return {
    privateJwk: { ...(await exportJWK(privateKey)), alg } as {
      readonly kty: 'EC'
      readonly d: string
      readonly alg: 'ES256'
    },
    thumbprint: await calculateJwkThumbprint(await exportJWK(publicKey)),
  }
}

export const [newKey, oldKey] = await Promise.all([createKey('ES256'), createKey('ES256')])

export interface CheckedProof {
  readonly thumbprint: string
  readonly payload: JWTPayload & Readonly<Record<string, unknown>>
}

/** Checks the signature and type of a proof by the key in it; rejects when it is none. */
export async function readProof(proof: string | undefined): Promise<CheckedProof> {
  const { payload, protectedHeader } = await jwtVerify(proof ?? '', EmbeddedJWK, {
    typ: 'dpop+jwt',
    algorithms: ['ES256'],
    // The times of a test are its own.
    currentDate: new Date(0),
  })
  const { jwk } = protectedHeader
  if (jwk === undefined || 'd' in jwk) throw new Error('The proof has no public key.')
  return { thumbprint: await calculateJwkThumbprint(jwk), payload }
}

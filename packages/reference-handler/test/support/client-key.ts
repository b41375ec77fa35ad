// The key with which the tests' client signs its assertions.
import { exportJWK, generateKeyPair, jwtVerify } from 'jose'
import { clientId, issuer } from './provider.ts'

const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })

/** For the configuration. */
export const clientKey = { ...(await exportJWK(privateKey)), alg: 'ES256', kid: 'client-key' }

/** Whether an assertion is the client's, for this authorization server alone, typed, and short-lived. */
export async function isClientAssertion(assertion: string, now: number): Promise<boolean> {
  const { payload, protectedHeader } = await jwtVerify(assertion, publicKey, {
    issuer: clientId,
    subject: clientId,
    audience: issuer,
    maxTokenAge: '5m',
    // Assertions are signed by the real clock, which goes on while a test's stands still.
    clockTolerance: '5s',
    currentDate: new Date(now),
  })
  return (
    protectedHeader.kid === 'client-key' &&
    protectedHeader.typ === 'client-authentication+jwt' &&
    payload.aud === issuer &&
    payload.jti !== undefined
  )
}

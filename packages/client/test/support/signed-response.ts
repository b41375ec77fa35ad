// Signed authorization responses (JARM) whose signature nobody checks here.

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

export const signedResponse = (claims: Readonly<Record<string, unknown>>): string =>
  [encode({ alg: 'ES256' }), encode(claims), 'c2lnbmF0dXJl'].join('.')

/** Nobody but the agent can read it. */
export const encryptedResponse = (): string =>
  [encode({ alg: 'RSA-OAEP-256', enc: 'A256GCM' }), 'a2V5', 'aXY', 'Y2lwaGVy', 'dGFn'].join('.')

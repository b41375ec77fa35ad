// For which APIs an access token says it is.
import { decodeJwt } from 'jose'
import * as z from 'zod'
import { createRecentlyRead } from '../sealing/recently-read.ts'

/**
 * Reads the audiences of an access token; of an opaque token, where nobody here can know, `undefined`.
 *
 * @param expiresAt - when the token expires, in milliseconds since the epoch, if anybody knows
 */
export type AudienceReader = (
  accessToken: string,
  expiresAt: number | undefined,
) => readonly unknown[] | undefined

/** Milliseconds that audiences are kept when nobody knows when their token expires. */
const KEPT_WITHOUT_EXPIRY = 300_000

/** Either the claims of an access token, or an introspection response around them (RFC 9701 section 5). */
const claims = z.object({
  aud: z.unknown(),
  token_introspection: z.object({ aud: z.unknown() }).optional(),
})

/**
 * Creates a reader with a memory, because the same token goes with every request of a session. It
 * verifies no signature: the token comes from the authorization server, and APIs verify it.
 *
 * @param now - milliseconds since the epoch
 */
export function createAudienceReader(now: () => number): AudienceReader {
  const known = createRecentlyRead<{ readonly audiences: readonly unknown[] | undefined }>(now)
  return (accessToken, expiresAt) => {
    const found = known.find(accessToken)
    if (found !== undefined) return found.audiences
    const audiences = readAudiences(accessToken)
    const lifetime = expiresAt === undefined ? KEPT_WITHOUT_EXPIRY : expiresAt - now()
    if (lifetime > 0) known.keep(accessToken, { audiences }, lifetime)
    return audiences
  }
}

function readAudiences(accessToken: string): readonly unknown[] | undefined {
  const payload = readPayload(accessToken)
  if (payload === undefined) return undefined
  const { data } = claims.safeParse(payload)
  return [(data?.token_introspection ?? data)?.aud].flat()
}

function readPayload(accessToken: string) {
  try {
    return decodeJwt(accessToken)
  } catch {
    return undefined
  }
}

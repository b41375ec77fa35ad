// For which APIs an access token says it is.
import { readJwtClaims } from '../base64url.ts'
import { anyObject, objectOf } from '../shape.ts'

/**
 * Reads the audiences of an access token: none when it names none, and `undefined` when it is opaque
 * and cannot be known here.
 *
 * @param holder - what the token came in; as long as it is remembered, so are the audiences
 */
export type AudienceReader = (holder: object, accessToken: string) => readonly unknown[] | undefined

/** Either the claims of an access token, or an introspection response around them (RFC 9701 section 5). */
const readResponse = objectOf({}, { token_introspection: anyObject })

/**
 * Creates a reader with a memory, because the same token goes with every request of a session. It
 * verifies no signature: the token comes from the authorization server, and APIs verify it.
 */
export function createAudienceReader(): AudienceReader {
  const known = new WeakMap<object, { readonly audiences: readonly unknown[] | undefined }>()
  return (holder, accessToken) => {
    const found = known.get(holder)
    if (found !== undefined) return found.audiences
    const audiences = readAudiences(accessToken)
    known.set(holder, { audiences })
    return audiences
  }
}

function readAudiences(accessToken: string): readonly unknown[] | undefined {
  const payload = readPayload(accessToken)
  if (payload === undefined) return undefined
  const response = readResponse(payload)
  if (response === undefined) return []
  return [(response.token_introspection ?? payload)['aud'] ?? []].flat()
}

function readPayload(accessToken: string) {
  try {
    return readJwtClaims(accessToken)
  } catch {
    return undefined
  }
}

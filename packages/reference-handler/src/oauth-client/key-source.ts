// The public keys of an authorization server, read when they are needed and again when a new one is used.
import * as oauth from 'oauth4webapi'
import { decodeProtectedHeader } from 'jose'
import type { JSONWebKeySet } from 'jose'
import * as z from 'zod'
import { UnusableAnswer } from './classify-failure.ts'
import type { Endpoint } from './endpoint.ts'

/** Milliseconds that keys are used, and for which an unknown key is not asked for again. */
const KEPT_FOR = 300_000
const ASKED_AGAIN_AFTER = 10_000

const keySetSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) })

/**
 * Creates the source of the keys that a token may be signed with.
 *
 * @param now - milliseconds since the epoch
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#RotateSigKeys OpenID Connect Core section 10.1.1}
 */
export function createKeySource(
  now: () => number,
): (endpoint: Endpoint, token: string) => Promise<JSONWebKeySet> {
  let kept: { readonly jwks: JSONWebKeySet; readonly at: number } | undefined

  return async (endpoint, token) => {
    const kid = readKeyId(token)
    const age = now() - (kept?.at ?? -Infinity)
    const isKnown = kept?.jwks.keys.some((key) => kid === undefined || key.kid === kid) ?? false
    if (kept === undefined || age > (isKnown ? KEPT_FOR : ASKED_AGAIN_AFTER)) {
      kept = { jwks: await load(endpoint), at: now() }
    }
    return kept.jwks
  }
}

async function load({ metadata, protocol, signal }: Endpoint): Promise<JSONWebKeySet> {
  const { jwks_uri: url } = metadata
  if (url === undefined) throw new UnusableAnswer('its metadata names no jwks_uri.')
  const { [oauth.customFetch]: fetch } = protocol.requestOptions(signal)
  const headers = { accept: 'application/json' }
  const response = await fetch(url, {
    body: undefined,
    headers,
    method: 'GET',
    redirect: 'manual',
    signal,
  })
  if (response.status !== 200)
    throw new UnusableAnswer(`its keys are answered with ${response.status}.`)
  const keySet = keySetSchema.safeParse(await response.json())
  if (!keySet.success) throw new UnusableAnswer('its keys are no key set.')
  return keySet.data
}

function readKeyId(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).kid
  } catch {
    return undefined
  }
}

// The part of a browser that binds sessions: a key in software, and the requests that no page sends.
import { deviceBindingHeaders, deviceBindingPaths } from '@token-handler/contract'
import type { UserBrowser } from './browser.ts'
import { check } from './failure.ts'
import type { Subject } from './subject.ts'

const base64url = (bytes: Uint8Array<ArrayBuffer>): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

const encode = (value: unknown): string =>
  base64url(new TextEncoder().encode(JSON.stringify(value)))

/** A key pair, and proofs by it. */
export interface DeviceKey {
  /**
   * @param withKey - whether the proof carries the public key, as at a registration
   * @see {@link https://w3c.github.io/webappsec-dbsc/#dbsc-proof Device Bound Session Credentials, DBSC proofs}
   */
  readonly sign: (challenge: string, withKey?: boolean) => Promise<string>
}

/** Makes a key on P-256. */
export async function createDeviceKey(): Promise<DeviceKey> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
  const pair = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const { crv, kty, x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey)
  return {
    async sign(challenge, withKey = false) {
      const head = { alg: 'ES256', typ: 'dbsc+jwt', ...(withKey && { jwk: { crv, kty, x, y } }) }
      const content = `${encode(head)}.${encode({ jti: challenge })}`
      const bytes = new TextEncoder().encode(content)
      const signature = await crypto.subtle.sign(algorithm, pair.privateKey, bytes)
      return `${content}.${base64url(new Uint8Array(signature))}`
    },
  }
}

/** The challenge of the offer that came with an answer, which has to include ES256. */
export function readOffer(headers: Headers): string {
  const offer = headers.get(deviceBindingHeaders.registration) ?? ''
  check(/^\([^)]*\bES256\b[^)]*\)/.test(offer), 'the answer offers no registration with ES256')
  check(/;path="[^"]+"/.test(offer), 'the offer names no path')
  const challenge = /;challenge="([^"]+)"/.exec(offer)?.[1]
  check(challenge !== undefined, 'the offer has no challenge')
  return challenge
}

/** The challenge of an answer. */
export function readChallenge(headers: Headers): string {
  const header = headers.get(deviceBindingHeaders.challenge) ?? ''
  const challenge = /^"([^"]+)";id="[^"]+"$/.exec(header)?.[1]
  check(challenge !== undefined, 'the answer has no Secure-Session-Challenge with an id')
  return challenge
}

/** Sends a request as the browser itself does, with its cookies. */
export function sendOwn(
  { agentUrl }: Subject,
  browser: UserBrowser,
  to: keyof typeof deviceBindingPaths,
  { proof, id, cookie }: OwnRequest = {},
): Promise<Response> {
  const headers = {
    origin: new URL(agentUrl).origin,
    'sec-fetch-site': 'same-origin',
    'sec-fetch-mode': 'no-cors',
    'sec-fetch-dest': 'empty',
    ...(proof !== undefined && { [deviceBindingHeaders.response]: proof }),
    ...(id !== undefined && { [deviceBindingHeaders.id]: id }),
    ...(cookie !== undefined && { cookie }),
  }
  return browser.sendRaw(agentUrl + deviceBindingPaths[to], { method: 'POST', headers })
}

/** What a browser's own request says. */
export interface OwnRequest {
  readonly proof?: string
  readonly id?: string
  /** In place of the browser's cookies. */
  readonly cookie?: string
}

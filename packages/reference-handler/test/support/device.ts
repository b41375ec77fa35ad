// The part of a browser that binds sessions to its device: a key in software, proofs, and what it is told to do.
import { cookieName, DEFAULT_COOKIE_PREFIX } from '@token-handler/contract'
import { CompactSign, exportJWK, generateKeyPair } from 'jose'
import type { CryptoKey, JWK } from 'jose'
import { agentUrl } from './browser.ts'
import type { AgentAnswer, Browser } from './browser.ts'

export const boundName = cookieName(DEFAULT_COOKIE_PREFIX, 'bound')

/** Device binding is offered, and there is time to register. */
export const offered = {
  configuration: { deviceBinding: { mode: 'offer' }, refresh: { freshFor: 5 } },
} as const

/** What the agent offers with an answer. */
export interface Offer {
  readonly algorithms: string
  readonly path: string
  readonly challenge: string
}

/** Reads `Secure-Session-Registration`. */
export function offerOf({ headers }: AgentAnswer): Offer | undefined {
  const header = headers.get('secure-session-registration')
  const found = /^\(([A-Z\d ]+)\);path="([^"]+)";challenge="([\w.-]+)"$/.exec(header ?? '')
  if (found === null) return undefined
  const [, algorithms = '', path = '', challenge = ''] = found
  return { algorithms, path, challenge }
}

/** Reads `Secure-Session-Challenge`. */
export function challengeOf({ headers }: AgentAnswer): string | undefined {
  return /^"([\w.-]+)";id="[\w-]+"$/.exec(headers.get('secure-session-challenge') ?? '')?.[1]
}

/** A key pair of a device. */
export interface DeviceKeys {
  readonly alg: 'ES256' | 'RS256'
  readonly privateKey: CryptoKey
  readonly jwk: JWK
}

export async function createDeviceKeys(alg: 'ES256' | 'RS256' = 'ES256'): Promise<DeviceKeys> {
  const { privateKey, publicKey } = await generateKeyPair(alg)
  return { alg, privateKey, jwk: await exportJWK(publicKey) }
}

/** Signs a challenge; `header` and `payload` take the place of what belongs there. */
export async function signProof(
  { alg, privateKey, jwk }: DeviceKeys,
  challenge: string,
  { withKey = false, header = {}, payload = { jti: challenge } }: ProofChanges = {},
): Promise<string> {
  const content = JSON.stringify(payload)
  return await new CompactSign(new TextEncoder().encode(content))
    .setProtectedHeader({ alg, typ: 'dbsc+jwt', ...(withKey && { jwk }), ...header })
    .sign(privateKey)
}

export interface ProofChanges {
  readonly withKey?: boolean
  readonly header?: Readonly<Record<string, unknown>>
  readonly payload?: unknown
}

/** What the browser's own requests look like: no version, and the endpoint's own origin. */
const ownHeaders = {
  origin: new URL(agentUrl).origin,
  'token-handler-version': undefined,
  'sec-fetch-site': 'same-origin',
  'sec-fetch-mode': 'no-cors',
  'sec-fetch-dest': 'empty',
}

/** What a request says besides. */
export interface OwnRequest {
  readonly proof?: string | undefined
  readonly id?: string | undefined
  readonly headers?: Readonly<Record<string, string | undefined>>
}

/** Sends a request as the browser itself does; its cookies are not kept. */
export const sendOwn = (
  browser: Browser,
  path: '/dbsc/register' | '/dbsc/refresh',
  { proof, id, headers }: OwnRequest = {},
): Promise<AgentAnswer> =>
  browser.send('POST', path, {
    headers: {
      ...ownHeaders,
      'secure-session-response': proof,
      'sec-secure-session-id': id,
      ...headers,
    },
  })

/** The session that a browser has bound. */
export interface Binding {
  readonly keys: DeviceKeys
  readonly id: string
  readonly challenge: string | undefined
}

/** Registers a key for an offer; resolves with the answer, whose cookies are not kept. */
export async function register(
  browser: Browser,
  offer: Offer | undefined,
  keys?: DeviceKeys,
): Promise<{ readonly answer: AgentAnswer; readonly binding: Binding | undefined }> {
  const used = keys ?? (await createDeviceKeys())
  const proof = await signProof(used, offer?.challenge ?? '', { withKey: true })
  const answer = await sendOwn(browser, '/dbsc/register', { proof })
  const id = answer.body['session_identifier']
  const binding =
    answer.status === 200 && typeof id === 'string' && answer.body['continue'] !== false
      ? { keys: used, id, challenge: challengeOf(answer) }
      : undefined
  return { answer, binding }
}

/** Registers, and keeps the cookies. */
export async function bind(browser: Browser, offer: Offer | undefined): Promise<Binding> {
  const { answer, binding } = await register(browser, offer)
  if (binding === undefined) throw new Error(`not bound: ${answer.status} ${answer.text}`)
  answer.setCookies.forEach(browser.keep)
  return binding
}

/** Proves as a browser without a challenge does: it gets one, and signs. Resolves with the last answer. */
export async function prove(browser: Browser, { keys, id }: Binding): Promise<AgentAnswer> {
  const asked = await sendOwn(browser, '/dbsc/refresh', { id })
  const challenge = challengeOf(asked)
  if (asked.status !== 403 || challenge === undefined) return asked
  return await sendOwn(browser, '/dbsc/refresh', { id, proof: await signProof(keys, challenge) })
}

// A proxy with three routes, and a good request to change in places.
import { expect } from 'vitest'
import { parseConfiguration } from '../../src/configuration/parse.ts'
import { createOAuthProxy } from '../../src/proxy/oauth-proxy.ts'
import { sealerOf } from '../../src/sealing/configured-sealer.ts'
import { sealProxyCookie } from '../../src/sealing/proxy-cookie.ts'
import { validInput } from '../configuration/valid-configuration.ts'
import { noLog } from '../support/no-log.ts'

const configuration = parseConfiguration({
  ...validInput,
  routes: [
    { path: '/api', upstream: 'http://api.internal/v1', timeout: 7 },
    { path: '/read', upstream: 'http://read.internal', methods: ['GET', 'HEAD'] },
    { path: '/events', upstream: 'http://events.internal', eventSource: true },
  ],
})
export const origin = 'https://www.app.example'
export const cookieName = '__Host-Http-th-at'
export const sealer = sealerOf(configuration, {})
export const issuedAt = 1_000_000
export const expiresAt = issuedAt + 300_000

/** The value of a good proxy cookie. */
export const cookie = await sealProxyCookie(sealer, { accessToken: 'token', issuedAt, expiresAt })

interface Changes {
  readonly method?: string
  readonly target?: string
  /** `undefined` leaves the header out. */
  readonly headers?: Readonly<Record<string, string | undefined>>
  /** Milliseconds since the epoch. */
  readonly now?: number
}

let clock = issuedAt
const proxy = createOAuthProxy(configuration, {
  now: () => clock,
  fetch: () => Promise.reject(new Error('There is no authorization server.')),
  log: noLog,
})

/** Decides about a good request, changed in places. */
export function authorize(changes: Changes = {}) {
  const { method = 'GET', target = '/api/orders', headers = {}, now = issuedAt } = changes
  const all = {
    host: 'api.app.example',
    origin,
    cookie: `${cookieName}=${cookie}`,
    'token-handler-version': '1',
    ...headers,
  }
  const lines = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [name, value],
  )
  const connection = { address: '192.0.2.1', protocol: 'https' } as const
  clock = now
  return proxy.authorize({ method, target, headers: lines, connection })
}

/** The CORS headers of every answer to a trusted page. */
export const cors = {
  vary: 'Origin',
  'access-control-allow-origin': origin,
  'access-control-allow-credentials': 'true',
  'access-control-expose-headers': 'WWW-Authenticate, Retry-After',
}

/** A refusal that the trusted page can read. */
export const refusal = (code: string, headers = {}) => ({
  kind: 'refuse',
  code,
  reason: expect.any(String),
  headers: { ...cors, ...headers },
})

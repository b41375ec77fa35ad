// A proxy that exchanges opaque access tokens, in front of an authorization server that answers as told.
import { createTestConfiguration } from '../support/world.ts'
import { createOAuthProxy } from '../../src/proxy/oauth-proxy.ts'
import type { Fetch, FetchInit } from '../../src/ports.ts'
import { sealerOf } from '../../src/sealing/configured-sealer.ts'
import { sealProxyCookie } from '../../src/sealing/proxy-cookie.ts'
import { noLog } from '../support/no-log.ts'
import { issuer, metadata } from '../support/provider.ts'
import { ordersRequest } from '../support/orders-request.ts'

/** When the clock stands at the start; milliseconds since the epoch. */
export const startedAt = 1_800_000_000_000

export const inSeconds = (milliseconds: number) => Math.floor(milliseconds / 1000)
const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')

/** A JWT whose signature nobody checks here. */
export const jwt = (claims: object) => `${encode({ alg: 'ES256' })}.${encode(claims)}.signature`

/** An access token that is a JWT, good for five minutes unless its claims say otherwise. */
export const accessTokenJwt = (claims: object = {}) =>
  jwt({ sub: 'alice', exp: inSeconds(startedAt) + 300, ...claims })

/** What the authorization server answers to introspection. */
export interface Answer {
  readonly status?: number
  readonly type?: string
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** A proxy in front of an authorization server that answers introspection as told. */
export function createPhantomProxy(introspection: object = {}, audience?: string) {
  const configuration = createTestConfiguration({
    configuration: {
      introspection: { enabled: true, ...introspection },
      routes: [
        { path: '/api', upstream: 'http://api.internal', ...(audience && { audience }) },
      ] as never,
    },
  })
  const clock = { now: startedAt }
  const asked: FetchInit[] = []
  let answer: () => Answer | Promise<Answer> = () => ({ body: accessTokenJwt() })
  const fetch: Fetch = async (url, init) => {
    if (url.endsWith('/.well-known/openid-configuration')) {
      return Response.json({ ...metadata, introspection_endpoint: `${issuer}/introspect` })
    }
    asked.push(init)
    const { status = 200, type = 'application/jwt', body, headers } = await answer()
    return new Response(body ?? null, { status, headers: { 'content-type': type, ...headers } })
  }
  const proxy = createOAuthProxy(configuration, { now: () => clock.now, fetch, log: noLog })
  const sealer = sealerOf(configuration, {})

  /** Calls the API with a session of this access token; resolves with what the API gets, or the refusal. */
  async function call(accessToken = 'opaque', expiresAt?: number) {
    const cookie = await sealProxyCookie(sealer, {
      accessToken,
      issuedAt: startedAt,
      ...(expiresAt !== undefined && { expiresAt }),
    })
    const decision = await proxy.authorize(ordersRequest(cookie))
    if (decision.kind === 'refuse') return `${decision.code}: ${decision.reason}`
    if (decision.kind !== 'forward') return decision.kind
    return decision.headers[decision.headers.indexOf('authorization') + 1]?.slice('Bearer '.length)
  }
  return {
    asked,
    call,
    clock,
    answerWith: (next: Answer | (() => Promise<Answer>)) => {
      answer = typeof next === 'function' ? next : () => next
    },
  }
}

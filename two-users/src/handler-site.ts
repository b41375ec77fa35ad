// A handler in front of an API, and the cookies of two users, without a sign-in for each test.
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { parseConfiguration } from '@token-handler/reference-handler'
import type { ConfigurationInput } from '@token-handler/reference-handler'
import { createServer } from '@token-handler/reference-handler/fastify'
import type { ServerOverrides } from '@token-handler/reference-handler/fastify'
import { sealSession } from '../../packages/reference-handler/src/agent/session-cookie.ts'
import { sealerOf } from '../../packages/reference-handler/src/sealing/configured-sealer.ts'
import { sealProxyCookie } from '../../packages/reference-handler/src/sealing/proxy-cookie.ts'
import { portOf } from './ports.ts'

export const appOrigin = 'https://www.app.example'
export const cookieName = '__Host-Http-th-at'
const sessionCookieName = '__Host-Http-th-session'

export type User = 'alice' | 'bob'

/** The access token of a user: the API of the tests reads it as it is. */
export const tokenOf = (user: User): string => `token-of-${user}`

/** Answers a request of a user, or of nobody. */
export type ApiListener = (
  user: User | undefined,
  request: IncomingMessage,
  response: ServerResponse,
) => void

export interface Api {
  readonly server: Server
  readonly port: number
}

/** Starts an API that goes by bearer tokens, as APIs do. */
export async function startApi(listener: ApiListener): Promise<Api> {
  const server = createHttpServer((request, response) => {
    const user = /^Bearer token-of-(alice|bob)$/.exec(request.headers.authorization ?? '')?.[1]
    listener(user as User | undefined, request, response)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return { server, port: portOf(server.address()) }
}

const secrets = ['0123456789abcdef0123456789abcdef']

const configurationOf = (
  apiPort: number,
  server: ConfigurationInput['server'],
  origins: readonly string[],
) =>
  parseConfiguration({
    authorizationServer: { issuer: 'https://login.idp.example' },
    client: {
      id: 'spa',
      secret: 'a secret of the client',
      redirectUri: `${origins[0] ?? appOrigin}/callback`,
    },
    cookies: { secrets },
    trustedOrigins: [...origins],
    routes: [{ path: '/api', upstream: `http://127.0.0.1:${apiPort}/api` }],
    server: { logLevel: 'silent', ...server },
  })

/**
 * Starts a handler whose route `/api` leads to the API.
 *
 * @param port - by default any
 * @param origins - of the pages that it trusts
 * @param overrides - replaces parts of its outside world, such as the authorization server
 */
export async function startHandler(
  apiPort: number,
  server: ConfigurationInput['server'] = {},
  {
    port = 0,
    origins = [appOrigin],
    overrides = {},
  }: {
    readonly port?: number
    readonly origins?: readonly string[]
    readonly overrides?: ServerOverrides
  } = {},
) {
  const handler = createServer(configurationOf(apiPort, server, origins), overrides)
  // Something for a browser to be on.
  handler.get('/page', (_request, reply) => reply.type('text/html').send('<title>page</title>'))
  await handler.listen({ port, host: '127.0.0.1' })
  return { server: handler, port: portOf(handler.server.address()) }
}

/** The value of the proxy cookie of a user, good at every handler of this file. */
export async function cookieOf(user: User): Promise<string> {
  const sealer = sealerOf(configurationOf(1, {}, [appOrigin]), {})
  return sealProxyCookie(sealer, { accessToken: tokenOf(user), issuedAt: Date.now() })
}

/** The session cookie of a user with a refresh token, whose access token has expired. */
export async function sessionCookieOf(refreshToken: string): Promise<string> {
  const sealer = sealerOf(configurationOf(1, {}, [appOrigin]), {})
  const issuedAt = Date.now() - 3_600_000
  const session = { refreshToken, startedAt: issuedAt, issuedAt, accessTokenExpiresAt: issuedAt }
  return `${sessionCookieName}=${await sealSession(sealer, session)}`
}

/** Headers as a page of the app sends them, signed in or not. */
export async function appHeaders(user?: User): Promise<Record<string, string>> {
  return {
    origin: appOrigin,
    'token-handler-version': '1',
    ...(user && { cookie: `${cookieName}=${await cookieOf(user)}` }),
  }
}

/** Headers as a native client of the API sends them. */
export const bearerHeaders = (user?: User): Record<string, string> =>
  user ? { authorization: `Bearer ${tokenOf(user)}` } : {}

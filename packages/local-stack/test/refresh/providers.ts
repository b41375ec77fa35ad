// Authorization servers with each policy for refresh tokens, and processes of the handler that use
// them: the local stack's OpenID provider with and without rotation, and a simulated one that takes a
// used token again for half a minute.
import { createNodeFetch } from '../../../reference-handler/src/hosts/node/node-fetch.ts'
import type { Fetch } from '../../../reference-handler/src/ports.ts'
import { client, signIn, startTestServer } from '../authorization-client.ts'
import { createVisitor } from '../visitor.ts'
import { createTestAuthorizationServer } from '../../../reference-handler/test/support/authorization-server.ts'
import { spaOrigin } from '../../../reference-handler/test/support/browser.ts'
import { clientId, clientSecret, issuer } from '../../../reference-handler/test/support/provider.ts'
import { callbackUrl } from '../../../reference-handler/test/support/world.ts'
import { startBackChannel } from './back-channel.ts'
import type { BackChannel } from './back-channel.ts'
import { startProcess } from './processes.ts'
import type { HandlerProcess } from './processes.ts'

export type Policy = 'rotation' | 'none' | 'grace'

/** An authorization server with a policy, and two processes of its client. */
export interface Provider extends Pick<
  BackChannel,
  'holdBack' | 'keepBack' | 'refreshCalls' | 'stop'
> {
  readonly processes: readonly [HandlerProcess, HandlerProcess]
  /** What the processes are started with. */
  readonly environment: Readonly<Record<string, string>>
  /** Plays the user, alice by default; resolves with the query of the callback. */
  readonly authenticate: (authorizationUrl: string, user?: string) => Promise<URLSearchParams>
}

type AuthorizationServer = Pick<Provider, 'authenticate' | 'stop'> & {
  readonly issuer: string
  readonly authorizationEndpoint: string
  readonly fetch: Fetch
  readonly client: { readonly id: string; readonly secret: string; readonly redirectUri: string }
}

/**
 * Starts an authorization server, and two processes of its client.
 *
 * @param settings - environment variables that the processes get on top
 */
export async function startProvider(
  policy: Policy,
  settings: Readonly<Record<string, string>> = {},
): Promise<Provider> {
  const server = await (policy === 'grace' ? simulate() : startReal(policy === 'rotation'))
  const backChannel = await startBackChannel(server.issuer, server.fetch)
  const environment = {
    TOKEN_HANDLER_ISSUER: server.issuer,
    TOKEN_HANDLER_AUTHORIZATION_ENDPOINT: server.authorizationEndpoint,
    TOKEN_HANDLER_TOKEN_ENDPOINT: `${backChannel.url}/token`,
    TOKEN_HANDLER_JWKS_URI: `${backChannel.url}/jwks`,
    TOKEN_HANDLER_CLIENT_ID: server.client.id,
    TOKEN_HANDLER_CLIENT_SECRET: server.client.secret,
    TOKEN_HANDLER_REDIRECT_URI: server.client.redirectUri,
    TOKEN_HANDLER_TRUSTED_ORIGINS: [spaOrigin, new URL(server.client.redirectUri).origin].join(),
    TOKEN_HANDLER_COOKIE_SECRETS: 'the cookie secret of all processes: the same for each',
    TOKEN_HANDLER_REFRESH_FRESH_FOR: '0',
    ...settings,
  }
  const processes = await Promise.all([startProcess(environment), startProcess(environment)])
  return {
    ...backChannel,
    environment,
    processes,
    authenticate: server.authenticate,
    async stop() {
      await Promise.all(processes.map(({ kill }) => kill()))
      await backChannel.stop()
      await server.stop()
    },
  }
}

async function startReal(refreshTokenRotation: boolean): Promise<AuthorizationServer> {
  const server = await startTestServer({ refreshTokenRotation, consent: false })
  return {
    issuer: server.issuer,
    authorizationEndpoint: `${server.issuer}/auth`,
    fetch: createNodeFetch(),
    client,
    authenticate: async (url, user) => (await signIn(createVisitor(), url, user)).searchParams,
    stop: server.close,
  }
}

async function simulate(): Promise<AuthorizationServer> {
  const server = await createTestAuthorizationServer({ now: Date.now, rotation: 'grace' })
  return {
    issuer,
    authorizationEndpoint: `${issuer}/authorize`,
    fetch: server.fetch,
    client: { id: clientId, secret: clientSecret, redirectUri: callbackUrl },
    authenticate: async (url, user) => server.authenticate(url, user),
    stop: async () => {},
  }
}

// Authorization servers with each policy for refresh tokens: the local stack's OpenID provider with
// and without rotation, and a simulated one that takes a used token again for half a minute.
import { onTestFinished } from 'vitest'
import { createOAuthAgent } from '../../src/agent/oauth-agent.ts'
import type { OAuthAgent } from '../../src/agent/oauth-agent.ts'
import { parseConfiguration } from '../../src/configuration/parse.ts'
import type { Configuration } from '../../src/configuration/schema.ts'
import { createNodeFetch } from '../../src/hosts/node/node-fetch.ts'
import type { Fetch } from '../../src/ports.ts'
import { client, signIn, startTestServer } from '../stack/authorization-client.ts'
import { createVisitor } from '../stack/visitor.ts'
import { createTestAuthorizationServer } from '../support/authorization-server.ts'
import { spaOrigin } from '../support/browser.ts'
import { createTestConfiguration } from '../support/world.ts'

export type Policy = 'rotation' | 'none' | 'grace'

/** An authorization server with a policy, as a client sees it. */
export interface Provider {
  /** One process of the handler. */
  readonly createAgent: () => OAuthAgent
  /** Plays the user; resolves with the query of the callback. */
  readonly authenticate: (authorizationUrl: string) => Promise<URLSearchParams>
  /** How often a refresh token was sent, by all processes. */
  readonly refreshCalls: () => number
}

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

export async function startProvider(policy: Policy): Promise<Provider> {
  return policy === 'grace' ? await simulate() : await startReal(policy === 'rotation')
}

/** Counts refreshes on their way. */
function createCounter(
  configuration: Configuration,
  fetch: Fetch,
): Pick<Provider, 'createAgent' | 'refreshCalls'> {
  let calls = 0
  const counting: Fetch = async (url, init) => {
    if (String(init.body).includes('grant_type=refresh_token')) calls += 1
    return await fetch(url, init)
  }
  return {
    createAgent: () =>
      createOAuthAgent(configuration, { fetch: counting, now: Date.now, log: silent }),
    refreshCalls: () => calls,
  }
}

async function startReal(refreshTokenRotation: boolean): Promise<Provider> {
  const server = await startTestServer({ refreshTokenRotation, consent: false })
  onTestFinished(server.close)
  const configuration = parseConfiguration({
    authorizationServer: { issuer: server.issuer },
    client: { id: client.id, secret: client.secret, redirectUri: client.redirectUri },
    cookies: { secrets: ['the cookie secret of all processes, the same for each'] },
    trustedOrigins: [spaOrigin, new URL(client.redirectUri).origin],
    refresh: { freshFor: 0 },
  })
  return {
    ...createCounter(configuration, createNodeFetch()),
    authenticate: async (url) => (await signIn(createVisitor(), url)).searchParams,
  }
}

async function simulate(): Promise<Provider> {
  const server = await createTestAuthorizationServer({ now: Date.now, rotation: 'grace' })
  return {
    ...createCounter(createTestConfiguration(), server.fetch),
    authenticate: async (url) => server.authenticate(url),
  }
}

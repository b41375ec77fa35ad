// An agent with an authorization server, a clock and a log, for one test. When the test ends, it is
// searched for secrets that got out.
import { expect, onTestFinished } from 'vitest'
import { createOAuthAgent } from '../../src/agent/oauth-agent.ts'
import { parseConfiguration } from '../../src/configuration/parse.ts'
import type { Configuration, ConfigurationInput } from '../../src/configuration/schema.ts'
import type { Fetch, Log, Schedule } from '../../src/ports.ts'
import { createTestAuthorizationServer } from './authorization-server.ts'
import type { TestAuthorizationServerOptions } from './authorization-server.ts'
import { createBrowser, spaOrigin } from './browser.ts'
import type { AgentAnswer, Browser } from './browser.ts'
import { clientId, clientSecret, issuer } from './provider.ts'

export const cookieSecret = 'a cookie secret with enough randomness'
export const callbackUrl = 'https://www.app.example/callback'

export interface WorldOptions extends Omit<TestAuthorizationServerOptions, 'now'> {
  /** Takes the place of the host's timers. */
  readonly schedule?: Schedule
  /** Makes the fetch of the handler of that which reaches the authorization server. */
  readonly over?: (fetch: Fetch) => Fetch
  /** Changes sections of the configuration. */
  readonly configuration?: {
    [Section in keyof ConfigurationInput]?: Partial<ConfigurationInput[Section]>
  }
}

export function createTestConfiguration(options: WorldOptions = {}): Configuration {
  const { authorizationServer, client, cookies, refresh, ...rest } = options.configuration ?? {}
  return parseConfiguration({
    authorizationServer: { issuer, ...authorizationServer },
    client: {
      id: clientId,
      secret: clientSecret,
      redirectUri: callbackUrl,
      postLogoutRedirectUri: 'https://www.app.example/',
      ...client,
    },
    cookies: { secrets: [cookieSecret], ...cookies },
    trustedOrigins: [spaOrigin],
    refresh: { freshFor: 0, ...refresh },
    exposeErrorDetails: true,
    ...rest,
  })
}

/** Creates everything; browsers of one world share its agent. */
export async function createWorld(options: WorldOptions = {}) {
  const clock = { now: Date.now() }
  const now = () => clock.now
  const server = await createTestAuthorizationServer({ ...options, now })
  const configuration = createTestConfiguration(options)
  const lines: string[] = []
  const answers: AgentAnswer[] = []
  const record =
    (level: string) =>
    (fields: object, message: string): void => {
      lines.push(JSON.stringify({ level, message, ...fields }))
    }
  const log: Log = {
    debug: record('debug'),
    info: record('info'),
    warn: record('warn'),
    error: record('error'),
  }

  const fetch = options.over?.(server.fetch) ?? server.fetch
  const createAgent = (changed: Configuration = configuration) =>
    createOAuthAgent(changed, { fetch, now, log, schedule: options.schedule })
  const agent = createAgent()
  const newBrowser = (other = agent) =>
    createBrowser(other, (answer) => {
      answers.push(answer)
    })

  onTestFinished(() => {
    expect(findLeaks({ server, answers, lines })).toEqual([])
  })

  return {
    agent,
    answers,
    browser: newBrowser(),
    clock,
    configuration,
    createAgent,
    lines,
    newBrowser,
    server,
  }
}

export type World = Awaited<ReturnType<typeof createWorld>>

/** Finds tokens, codes and verifiers in bodies and log, and cookie values and states in the log. */
export function findLeaks({
  server,
  answers,
  lines,
}: Pick<World, 'server' | 'answers' | 'lines'>): string[] {
  const log = lines.join('\n')
  const bodies = answers.map((answer) => answer.text).join('\n')
  const cookieValues = answers
    .flatMap((answer) => answer.setCookies)
    .map((setCookie) => setCookie.slice(setCookie.indexOf('=') + 1, setCookie.indexOf(';')))
    .filter((value) => value !== '')
  const states = answers.flatMap(({ body }) =>
    typeof body['authorization_url'] === 'string'
      ? [...new URL(body['authorization_url']).searchParams.values()].filter(
          (value) => value.length > 30 && !value.startsWith('http'),
        )
      : [],
  )
  const secrets = [...server.secrets, ...cookieValues, cookieSecret].filter((value) => value !== '')
  return [
    ...secrets.filter((secret) => bodies.includes(secret) || log.includes(secret)),
    ...states.filter((state) => log.includes(state)),
  ]
}

/** Signs a user in, with everything in between. */
export async function signIn({ server }: World, browser: Browser, user = 'alice') {
  const started = await browser.post('/login/start')
  expect(started.status).toBe(200)
  const callback = server.authenticate(String(started.body['authorization_url']), user)
  const ended = await browser.post('/login/end', callback)
  expect(ended.body).toMatchObject({ is_logged_in: true, id_token_claims: { sub: user } })
  return ended
}

/** A world in which alice is signed in; calls of the token endpoint count from here. */
export async function createSignedInWorld(options: WorldOptions = {}) {
  const world = await createWorld(options)
  await signIn(world, world.browser)
  world.server.calls.token = 0
  return world
}

/** A world in which a login has begun, and the response to it. */
export async function beginLogin(options: WorldOptions = {}) {
  const world = await createWorld(options)
  const { body } = await world.browser.post('/login/start')
  const authorizationUrl = String(body['authorization_url'])
  const [loginCookie = ''] = world.browser.cookies.keys()
  return { ...world, callback: world.server.authenticate(authorizationUrl), loginCookie }
}

export const isSignedIn = async (browser: Browser): Promise<unknown> =>
  (await browser.get('/session')).body['is_logged_in']

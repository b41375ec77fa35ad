// What runs behind a dev server: the whole local stack, or the handler alone before a real authorization server.
import { randomBytes } from 'node:crypto'
import { parseConfiguration } from '@token-handler/reference-handler'
import type { Configuration, ConfigurationInput } from '@token-handler/reference-handler'
import { createLogger, createServer } from '@token-handler/reference-handler/fastify'
import type { DemoUser } from '../authorization-server/users.ts'
import { LOOPBACK, portOf } from '../listening.ts'
import { startLocalStack } from '../start-local-stack.ts'
import type { DevelopmentOptions } from './options.ts'

/** A handler on 127.0.0.1. */
export interface DevelopmentHandler {
  /** Without a trailing slash. */
  readonly url: string
  readonly configuration: Configuration
  readonly stop: () => Promise<void>
}

/** What it starts with besides the options. */
export interface HandlerSurroundings {
  /** The page's origin. */
  readonly origin: string
  readonly users: readonly DemoUser[]
  /** Takes the lines of the log. */
  readonly write: (line: string) => void
}

/** Options that do not fit together; the message says how to mend them. */
export class DevelopmentOptionsError extends Error {
  override readonly name = 'DevelopmentOptionsError'
}

/** Starts what the options ask for. */
export async function startHandler(
  options: DevelopmentOptions,
  surroundings: HandlerSurroundings,
): Promise<DevelopmentHandler> {
  return options.issuer === undefined
    ? await startStack(options, surroundings)
    : await startRealHandler(options, options.issuer, surroundings)
}

/** Log lines of this level and above are decisions. */
const LEVEL = 'debug'

async function startStack(
  options: DevelopmentOptions,
  { origin, users, write }: HandlerSurroundings,
): Promise<DevelopmentHandler> {
  const { api, configure = (same) => same } = options
  const stack = await startLocalStack({
    ports: { spa: 0, handler: 0, authorizationServer: 0, api: 0, control: 0 },
    origin,
    users,
    ...(options.callbackPath !== undefined && { callbackPath: options.callbackPath }),
    consent: false,
    log: { level: LEVEL, destination: { write } },
    ...(api !== undefined && { api }),
    configure: (input) => configure(place(input, options, origin)),
  })
  const { port } = new URL(stack.urls.handler)
  return {
    url: `http://${LOOPBACK}:${port}`,
    configuration: stack.configuration,
    stop: stack.stop,
  }
}

/** The same configuration, with the paths of the page. */
function place(
  input: ConfigurationInput,
  { agentPath = '/oauth-agent', apiPath = '/api', callbackPath = '/callback' }: DevelopmentOptions,
  origin: string,
): ConfigurationInput {
  return {
    ...input,
    agentPath,
    client: { ...input.client, redirectUri: origin + callbackPath },
    routes: (input.routes ?? []).map((route) => ({
      ...route,
      path: route.path.replace(/^\/api/, apiPath),
      webSocket: route.eventSource !== true,
    })),
    exposeErrorDetails: true,
  }
}

async function startRealHandler(
  options: DevelopmentOptions,
  issuer: string,
  { origin, write }: HandlerSurroundings,
): Promise<DevelopmentHandler> {
  const { api, apiPath = '/api', client, configure = (same) => same } = options
  if (client === undefined) {
    throw new DevelopmentOptionsError(
      'The option issuer needs the option client, such as { id: "spa", secret: process.env.CLIENT_SECRET }.',
    )
  }
  const input: ConfigurationInput = {
    authorizationServer: { issuer },
    client: { postLogoutRedirectUri: `${origin}/`, redirectUri: '', ...client },
    cookies: { secrets: [randomBytes(32).toString('base64url')] },
    trustedOrigins: [origin],
    routes: api === undefined ? [] : [{ path: apiPath, upstream: api.replace(/\/$/, '') }],
    server: { drainFor: 0 },
  }
  const configuration = parseConfiguration(configure(place(input, options, origin)))
  const server = createServer(configuration, { logger: createLogger(LEVEL, { write }) })
  await server.listen({ host: LOOPBACK, port: 0 })
  return {
    url: `http://${LOOPBACK}:${portOf(server.server)}`,
    configuration,
    stop: () => server.close(),
  }
}

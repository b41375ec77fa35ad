// The stack over https, with device binding offered, and a clock of the handler that tests move.
import { createServer as createHttpServer } from 'node:http'
import type { RequestListener } from 'node:http'
import { startLocalStack } from '@token-handler/local-stack'
import type { LocalStack, LocalStackOptions } from '@token-handler/local-stack'
import { createLogger, createServer } from '@token-handler/reference-handler/fastify'
import { findFreePort } from '../../../packages/reference-handler/test/support/free-port.ts'
import { createCertificate } from '../certificate.ts'
import type { Certificate } from '../certificate.ts'
import { startFront } from '../front.ts'
import type { Exchange, Front } from '../front.ts'
import { listen } from '../listen.ts'
import { bundleSdk } from '../sdk-page.ts'

/** Where the browser proves, and where it registers. */
export const proofPath = '/oauth-agent/dbsc/refresh'
export const registrationPath = '/oauth-agent/dbsc/register'

export const cookieNames = {
  proxy: '__Host-Http-th-at',
  session: '__Host-Http-th-session',
  bound: '__Host-th-bound',
} as const

/** What may be chosen. */
export interface DeviceBindingOptions {
  /** The host of agent and API below the site, when it is not `api`. */
  readonly host?: string
  readonly certificate?: Certificate
  readonly deviceBinding?: NonNullable<
    Parameters<NonNullable<LocalStackOptions['configure']>>[0]['deviceBinding']
  >
}

/** A running world. */
export interface DeviceBindingWorld {
  readonly certificate: Certificate
  readonly stack: LocalStack
  /** The page of the SPA that has nothing on it but the SDK. */
  readonly pageUrl: string
  readonly agentUrl: string
  readonly apiUrl: string
  readonly log: readonly string[]
  /** All requests to agent and API so far. */
  readonly exchanges: () => readonly Exchange[]
  /** The statuses of requests with this method and path, in the order of their arrival. */
  readonly statuses: (method: string, path: string) => readonly (number | undefined)[]
  readonly hold: Front['hold']
  /** Lets time pass for the handler alone. */
  readonly pass: (seconds: number) => void
  /**
   * Has something in front of the agent answer for a path.
   *
   * @returns how to end that
   */
  readonly intercept: (path: string, answer: RequestListener) => Promise<() => Promise<void>>
  readonly stop: () => Promise<void>
}

const document =
  '<!doctype html><title>SDK</title><script src="/sdk.js"></script><script>void tokenHandler.load()</script>'

/** Starts everything on free ports. */
export async function startDeviceBindingWorld(
  options: DeviceBindingOptions = {},
): Promise<DeviceBindingWorld> {
  const { host = 'api', deviceBinding = { mode: 'offer' } } = options
  const stops: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const end of stops.splice(0).toReversed()) await end()
  }
  try {
    const certificate = options.certificate ?? (await createCertificate('app.localhost'))
    const interceptors = new Map<string, number>()
    let handlerPort = 0
    const spa = await startFront({
      hostname: 'www.app.localhost',
      port: await findFreePort(),
      target: () => 0,
      certificate,
    })
    stops.push(spa.stop)
    const front = await startFront({
      hostname: `${host}.app.localhost`,
      port: 0,
      target: (path) => interceptors.get(path) ?? handlerPort,
      certificate,
    })
    stops.push(front.stop)
    const log: string[] = []
    const destination = { write: (line: string) => void log.push(line) }
    const stack = await startLocalStack({
      ports: { handler: 0, authorizationServer: 0, api: 0, control: 0 },
      origin: spa.origin,
      consent: false,
      log: { level: 'warn', destination },
      configure: (defaults) => ({
        ...defaults,
        refresh: { freshFor: 5 },
        // So that cookies outlive the browser.
        session: { lifetime: 86_400 },
        deviceBinding,
      }),
    })
    stops.push(stack.stop)
    let passed = 0
    const handler = createServer(stack.configuration, {
      now: () => Date.now() + passed,
      logger: createLogger('trace', destination),
    })
    stops.push(() => handler.close())
    handlerPort = Number(new URL(await handler.listen({ host: '127.0.0.1', port: 0 })).port)

    const agentUrl = `${front.origin}/oauth-agent`
    const apiUrl = `${front.origin}/api`
    spa.publish('/sdk.js', await bundleSdk({ agentUrl, apiUrl }), 'text/javascript')
    for (const path of ['/', '/callback']) spa.publish(path, document)

    return {
      certificate,
      stack,
      pageUrl: `${spa.origin}/`,
      agentUrl,
      apiUrl,
      log,
      exchanges: front.exchanges,
      statuses: (method, path) =>
        front
          .exchanges()
          .filter(
            (exchange) => exchange.method === method && new URL(exchange.url).pathname === path,
          )
          .map(({ status }) => status),
      hold: front.hold,
      pass: (seconds) => {
        passed += seconds * 1000
      },
      async intercept(path, answer) {
        const { port, stop: end } = await listen(createHttpServer(answer))
        interceptors.set(path, port)
        return async () => {
          interceptors.delete(path)
          await end()
        }
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

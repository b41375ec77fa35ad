// Listening where the configuration says, and naming the setting to change where that is not possible.
import type { FastifyInstance } from 'fastify'
import { ConfigurationError } from '../configuration/configuration-error.ts'
import { nameSetting } from '../configuration/describe-mistakes.ts'
import { variables } from '../configuration/environment-variables.ts'
import type { Configuration } from '../configuration/schema.ts'
import { takePort } from '../hosts/node/take-port.ts'

type Place = Pick<Configuration['server'], 'host' | 'metricsPort' | 'port'>

/** What the system says of a host that is none of its own. */
const foreignHost = new Set(['EADDRNOTAVAIL', 'EAI_AGAIN', 'EINVAL', 'ENOTFOUND'])

/**
 * Has a server listen.
 *
 * @throws {ConfigurationError} when this user or this machine cannot listen there
 * @throws {PortTakenError} when another program has the port
 */
export async function listen(server: FastifyInstance, place: Place): Promise<void> {
  const { host, port } = place
  const wish = { port, service: 'the handler', option: '--port or TOKEN_HANDLER_PORT' }
  try {
    await takePort(wish, () => server.listen({ host, port }))
  } catch (error) {
    throw explain(error, place) ?? error
  }
}

/** What is wrong with the configuration when listening fails, if that is what is wrong. */
export function explain(error: unknown, { metricsPort }: Place): ConfigurationError | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  if (foreignHost.has(String(error.code))) {
    const message =
      'is no address of this machine; choose one, such as 127.0.0.1, or 0.0.0.0 for all of them'
    return mistakeIn('host', message)
  }
  if (error.code === 'EACCES') {
    const setting = 'port' in error && error.port === metricsPort ? 'metricsPort' : 'port'
    return mistakeIn(setting, 'may not be used by this user; choose a port above 1023')
  }
  return undefined
}

const mistakeIn = (setting: keyof Place, message: string): ConfigurationError =>
  new ConfigurationError([{ setting: nameSetting(['server', setting], variables), message }])

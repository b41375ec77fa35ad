// Cookie secrets that change while the handler runs: keys rotate without a restart.
import type { Deployment } from '../configuration/load.ts'
import type { Configuration } from '../configuration/schema.ts'
import type { Log } from '../ports.ts'

/** The cookie secrets of a deployment at any moment. */
export interface CookieSecrets {
  /** See {@link Ports.cookieSecrets}. */
  readonly of: (configuration: Configuration) => readonly string[]
  /** Reads them anew. Never throws: what cannot be read leaves everything as it is. */
  readonly reload: () => void
}

/**
 * Keeps the cookie secrets of a deployment. Of what is loaded again only they are taken; whatever else
 * has changed takes a restart.
 *
 * @param deployment - as the server was created with
 * @param load - reads the sources again: files, and files that environment variables name
 */
export function createCookieSecrets(
  deployment: Deployment,
  load: () => Deployment,
  log: Log,
): CookieSecrets {
  const secrets = new Map(
    configurationsOf(deployment).map((configuration) => [
      configuration,
      configuration.cookies.secrets,
    ]),
  )

  function take(loaded: readonly Configuration[]): void {
    for (const [configuration, known] of secrets) {
      const next = loaded.find((candidate) => isSameClient(candidate, configuration))
      if (next === undefined || isSameList(next.cookies.secrets, known)) continue
      secrets.set(configuration, next.cookies.secrets)
      const { id } = configuration.client
      log.info({ client: id, secrets: next.cookies.secrets.length }, 'cookie secrets reloaded')
    }
  }

  return {
    of: (configuration) => secrets.get(configuration) ?? configuration.cookies.secrets,
    reload() {
      try {
        take(configurationsOf(load()))
      } catch (error) {
        log.warn({ err: error }, 'the configuration cannot be reloaded; cookie secrets stay')
      }
    },
  }
}

const configurationsOf = (deployment: Deployment): readonly Configuration[] =>
  deployment.kind === 'tenants'
    ? deployment.configuration.tenants.map(({ configuration }) => configuration)
    : [deployment.configuration]

const isSameClient = (one: Configuration, other: Configuration): boolean =>
  one.authorizationServer.issuer === other.authorizationServer.issuer &&
  one.client.id === other.client.id

const isSameList = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((secret, index) => secret === other[index])

// Rules between settings: what one of them may be depends on another.
import type * as z from 'zod'
import { HEALTH_PATH, READY_PATH } from './health-paths.ts'
import { isObject } from './objects.ts'
import { configurationSchema } from './schema.ts'
import type { Configuration, ConfigurationInput } from './schema.ts'
import { containsPath, isConfidential } from './urls.ts'

interface Rule {
  /** The rule speaks as soon as these are sound in themselves, whatever else is wrong. */
  readonly about: readonly (keyof Configuration)[]
  /** Yields each mistake with the path of the setting to mend. */
  readonly mistakes: (
    settings: Configuration,
  ) => Iterable<{ path: (string | number)[]; message: string }>
}

const cookiePrefixIsPossible: Rule = {
  about: ['cookies'],
  *mistakes({ cookies: { prefix, domain, secure } }) {
    if (prefix.startsWith('__Host-') && domain !== undefined) {
      yield {
        path: ['cookies', 'domain'],
        message: `browsers refuse a cookie named ${prefix}… that has a Domain; remove the domain, or choose another prefix such as "th"`,
      }
    }
    if (prefix.startsWith('__') && !secure) {
      yield {
        path: ['cookies', 'secure'],
        message: `browsers refuse a cookie named ${prefix}… without Secure; set it to true, or choose another prefix such as "th"`,
      }
    }
  },
}

const clientCanAuthenticate: Rule = {
  about: ['client'],
  *mistakes({ client: { authentication, privateKey, secret } }) {
    const isSigned = authentication === 'private_key_jwt'
    const [needed, other] = isSigned
      ? (['privateKey', 'secret'] as const)
      : (['secret', 'privateKey'] as const)
    const credentials = { privateKey, secret }
    if (credentials[needed] === undefined) {
      yield { path: ['client', needed], message: `is missing; set it: ${authentication} needs it` }
    }
    if (credentials[other] !== undefined) {
      yield {
        path: ['client', other],
        message: `is of no use for ${authentication}; remove it, or change client.authentication`,
      }
    }
  },
}

const resourceIsDecidedOnce: Rule = {
  about: ['client'],
  *mistakes({ client: { authorizationParameters, resource } }) {
    if (resource !== undefined && authorizationParameters.includes('resource')) {
      yield {
        path: ['client', 'authorizationParameters'],
        message:
          'lets the SPA choose the resource that client.resource decides; remove one of them',
      }
    }
  },
}

const redirectUriIsTrusted: Rule = {
  about: ['client', 'trustedOrigins'],
  *mistakes({ client: { redirectUri }, trustedOrigins }) {
    const { origin } = new URL(redirectUri)
    if (!trustedOrigins.includes(origin)) {
      yield {
        path: ['client', 'redirectUri'],
        message: `is a page of ${origin}, which could not end the login because it is not trusted; add that origin to trustedOrigins, or correct the URI`,
      }
    }
  },
}

const originsSendCookies: Rule = {
  about: ['cookies', 'trustedOrigins'],
  *mistakes({ cookies, trustedOrigins }) {
    for (const [index, origin] of trustedOrigins.entries()) {
      if (cookies.secure && !isConfidential(origin)) {
        yield {
          path: ['trustedOrigins', index],
          message:
            'is http, where browsers neither keep nor send Secure cookies; serve the SPA over https, or on localhost or *.localhost during development',
        }
      }
    }
  },
}

const healthPaths = [HEALTH_PATH, READY_PATH]

const agentIsApart: Rule = {
  about: ['agentPath'],
  *mistakes({ agentPath }) {
    if (healthPaths.some((path) => containsPath(path, agentPath))) {
      yield {
        path: ['agentPath'],
        message: `is taken: this server answers ${healthPaths.join(' and ')} itself; choose another path`,
      }
    }
  },
}

const routesAreApart: Rule = {
  about: ['agentPath', 'routes'],
  *mistakes({ agentPath, routes }) {
    const paths = routes.map((route) => route.path)
    for (const [index, path] of paths.entries()) {
      const own = [agentPath, ...healthPaths].find(
        (other) => containsPath(other, path) || containsPath(path, other),
      )
      if (own !== undefined) {
        yield {
          path: ['routes', index, 'path'],
          message: `overlaps with ${own}, which this server answers itself; choose another path`,
        }
      }
      if (paths.indexOf(path) < index) {
        yield {
          path: ['routes', index, 'path'],
          message: `is the path of routes[${paths.indexOf(path)}] too; remove one of them`,
        }
      }
    }
  },
}

/** The whole configuration: every setting by itself, and the rules between them. */
export const consistentConfigurationSchema: z.ZodType<Configuration, ConfigurationInput> = [
  clientCanAuthenticate,
  resourceIsDecidedOnce,
  cookiePrefixIsPossible,
  redirectUriIsTrusted,
  originsSendCookies,
  agentIsApart,
  routesAreApart,
].reduce(
  (schema, { about, mistakes }) =>
    schema.superRefine(
      (settings, context) => {
        for (const mistake of mistakes(settings)) context.addIssue({ code: 'custom', ...mistake })
      },
      {
        when: ({ value }) =>
          isObject(value) &&
          about.every((name) => configurationSchema.shape[name].safeParse(value[name]).success),
      },
    ),
  configurationSchema,
)

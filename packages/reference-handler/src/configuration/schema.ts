// The handler's configuration: its shape, its defaults, and what each mistake is called.
import { DEFAULT_COOKIE_PREFIX, isOrigin } from '@token-handler/contract'
import * as z from 'zod/mini'
import { authorizationServerSchema } from './authorization-server-schema.ts'
import { clientSchema } from './client-schema.ts'
import { readRedisUrl } from './redis-url.ts'
import { path, routeSchema } from './route-schema.ts'
import { COOKIE_SECRET_TOO_SHORT, COOKIE_SECRETS_MISSING, isCookieSecret } from './secrets.ts'
import { serverSchema } from './server-schema.ts'

const origin = z
  .string()
  .check(
    z.refine(
      isOrigin,
      'must be an exact origin such as https://www.example.com: scheme, host and port; no path, no trailing slash, no wildcard',
    ),
  )

const seconds = z.int().check(z.nonnegative())

const secret = z.string().check(z.refine(isCookieSecret, COOKIE_SECRET_TOO_SHORT))

const cookies = z.strictObject({
  /** Newest first: the first seals, all open. Keys rotate by adding one in front. */
  secrets: z.array(secret).check(z.minLength(1, COOKIE_SECRETS_MISSING)),
  /**
   * Prefix of all cookie names; browsers enforce what `__Host-Http-` promises.
   * @default '__Host-Http-th'
   */
  prefix: z._default(
    z.string().check(z.regex(/^[\w-]{1,64}$/, 'may have letters, digits, "_" and "-", at most 64')),
    DEFAULT_COOKIE_PREFIX,
  ),
  /** A relaxation: cookies for a parent domain. Impossible with a `__Host-` prefix. */
  domain: z.optional(
    z
      .string()
      .check(z.regex(/^[a-z\d-]+(?:\.[a-z\d-]+)*$/i, 'must be a host name such as example.com')),
  ),
  /**
   * A relaxation, for plain http off localhost. Impossible with a `__` prefix.
   * @default true
   */
  secure: z._default(z.boolean(), true),
  /**
   * Proxy and session cookie together may have this many bytes; a login that needs more fails. Login
   * cookies come on top. Node refuses requests whose headers have more than 16 KB, all together.
   * @default 7168
   */
  maxBytes: z._default(z.int().check(z.minimum(1024), z.maximum(15_360)), 7168),
})

const refresh = z.strictObject({
  /**
   * An access token younger than this many seconds is not refreshed again.
   * @default 5
   */
  freshFor: z._default(seconds, 5),
  /**
   * For this many seconds, the same refresh token gets the same answer.
   * @default 20
   */
  resultsKeptFor: z._default(seconds.check(z.minimum(1), z.maximum(60)), 20),
  /**
   * Which refusal of a refresh ends the session, besides `invalid_grant` and errors that ask for the user. With
   * `refusal` any does that is not about the client: for servers that name no reason when a refresh token is dead.
   * @default 'invalid_grant'
   */
  endsOn: z._default(z.enum(['invalid_grant', 'refusal']), 'invalid_grant'),
})

const session = z.strictObject({
  /**
   * Seconds after a login at which its session ends, whatever is refreshed until then. Without it the
   * session lives as long as the refresh token does.
   */
  lifetime: z.optional(seconds.check(z.minimum(60))),
  /**
   * Where sessions are: in the cookies, or in the store of `redis.url`, for tokens that do not fit into cookies.
   * @default 'cookies'
   */
  store: z._default(z.enum(['cookies', 'redis']), 'cookies'),
  /**
   * Seconds after which a session in the store ends when nobody uses it. Cookies know no such time.
   * @default 2592000
   */
  idleTimeout: z._default(seconds.check(z.minimum(60), z.maximum(31_536_000)), 2_592_000),
})

/** Experimental: sessions that belong to the device on which the user signed in. */
const deviceBinding = z.strictObject({
  /**
   * Whether browsers that can are asked to bind sessions to a key that does not leave the device; with `require`,
   * sessions of the others end.
   * @default 'off'
   */
  mode: z._default(z.enum(['off', 'offer', 'require']), 'off'),
  /**
   * With `require`: seconds after a login at which a session ends that is not bound.
   * @default 600
   */
  within: z._default(seconds.check(z.minimum(30), z.maximum(86_400)), 600),
  /**
   * Seconds that a proof lasts, and so a copy of its cookie. Browsers renew it as soon as less than two minutes are
   * left, and make six signatures in nine minutes at most.
   * @default 300
   */
  proofLifetime: z._default(seconds.check(z.minimum(180), z.maximum(3600)), 300),
})

/** A limit counts by client address; without one there is none. */
const rateLimits = z.strictObject({
  /** Logins that one address may start, and end, in a minute. */
  loginsPerMinute: z.optional(seconds.check(z.minimum(1))),
  /** Refreshes that one address may ask for in a minute. */
  refreshesPerMinute: z.optional(seconds.check(z.minimum(1))),
})

/** Opaque access tokens become JWTs on their way to an API. */
const introspection = z.strictObject({
  /**
   * Asks the authorization server for the JWT of each access token that is none.
   * @default false
   */
  enabled: z._default(z.boolean(), false),
  /**
   * Seconds that a JWT is used at most: a token that is revoked reaches APIs as long as that.
   * @default 30
   */
  keptFor: z._default(seconds.check(z.maximum(3600)), 30),
  /**
   * Seconds during which a token that is not active is not asked about again.
   * @default 2
   */
  inactiveKeptFor: z._default(seconds.check(z.minimum(1), z.maximum(5)), 2),
})

/** A store that all instances share; without a URL there is none. */
const redis = z.strictObject({
  /** Redis 7 or Valkey: one server, several behind sentinels, or a cluster. */
  url: z.optional(
    z
      .string()
      .check(
        z.refine(
          (value) => readRedisUrl(value) !== undefined,
          'must be redis://host:6379/0, redis+sentinel://host,host/master or redis+cluster://host,host; rediss for TLS',
        ),
      ),
  ),
  /** In place of one in the URL. */
  password: z.optional(z.string().check(z.minLength(1))),
  /**
   * What all keys begin with.
   * @default 'th:'
   */
  prefix: z._default(
    z
      .string()
      .check(
        z.regex(/^[\w:.-]{0,64}$/, 'may have letters, digits, "_", ":", "." and "-", at most 64'),
      ),
    'th:',
  ),
})

/** What a security profile demands of the configuration. */
const profile = z.enum(['fapi-2.0'])

/** Every setting by itself; what they may be together is in the files of rules. Unknown keys are mistakes. */
export const configurationSchema = z.strictObject({
  /** A security profile that the handler holds as a client: what it forbids is a mistake then. */
  profile: z.optional(profile),
  authorizationServer: authorizationServerSchema,
  client: clientSchema,
  cookies,
  /** The SPA's origins; compared character by character. */
  trustedOrigins: z.array(origin).check(z.minLength(1, 'needs the origin of the SPA')),
  /**
   * The agent's operations live below this path.
   * @default '/oauth-agent'
   */
  agentPath: z._default(path, '/oauth-agent'),
  /**
   * The APIs behind the proxy; the longest path that matches wins.
   * @default []
   */
  routes: z._default(z.array(routeSchema), []),
  introspection: z.prefault(introspection, {}),
  refresh: z.prefault(refresh, {}),
  session: z.prefault(session, {}),
  deviceBinding: z.prefault(deviceBinding, {}),
  rateLimits: z.prefault(rateLimits, {}),
  redis: z.prefault(redis, {}),
  server: z.prefault(serverSchema, {}),
  /**
   * Adds `detailed_error` to error answers; for development.
   * @default false
   */
  exposeErrorDetails: z._default(z.boolean(), false),
})

/** What an operator writes. */
export type ConfigurationInput = z.input<typeof configurationSchema>

/** What the handler works with: checked, defaults filled in. */
export type Configuration = z.output<typeof configurationSchema>

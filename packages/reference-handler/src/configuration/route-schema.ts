// What the configuration says about a route: which requests go to which API, and how.
import * as z from 'zod/mini'
import { resource, scope } from './oauth-values.ts'
import { httpUrl } from './url-schemas.ts'

/** The path of a route or of the agent. */
export const path = z
  .string()
  .check(
    z.regex(
      /^(?:\/(?!\.{1,2}(?:\/|$))[\w.~-]+)+$/,
      'must be a path such as /oauth-agent, without a trailing slash',
    ),
  )

const method = z.string().check(
  z.regex(/^[A-Z]+$/, 'must be a method in capitals such as GET'),
  z.refine(
    (value) => !['CONNECT', 'TRACE', 'TRACK'].includes(value),
    'cannot be forwarded: it would open a tunnel or show the access token to the page; remove it',
  ),
)

/** The name of a cookie (RFC 6265 section 4.1.1). */
const cookieName = z
  .string()
  .check(z.regex(/^[\w!#$%&'*+.^`|~-]+$/, 'must be the name of a cookie, such as AWSALB'))

const file = z.string().check(z.minLength(1))

/** Files in PEM format, for TLS to the upstream. */
const tls = z.strictObject({
  /** Certificates of the authorities that are trusted, in place of those of the system. */
  caFile: z.optional(file),
  /** The certificate that is shown to the upstream, with its intermediates. */
  certificateFile: z.optional(file),
  /** The private key of that certificate. */
  keyFile: z.optional(file),
})

/** At least one says what the new token is for. */
const exchange = z
  .strictObject({
    /** The API by its name at the authorization server. */
    audience: z.optional(z.string().check(z.minLength(1))),
    /** The API by its URI (RFC 8707). */
    resource: z.optional(resource),
    /** Scopes with a space between them; by default those that the authorization server gives. */
    scope: z.optional(scope),
  })
  .check(
    z.refine(
      (value) => Object.values(value).some((member) => member !== undefined),
      'must say what the token is for: set audience, resource or scope, or remove it',
    ),
  )

/** A route. */
export const routeSchema = z.strictObject({
  /** Requests to this path and everything below it; where several match, the longest wins. */
  path,
  /** Where they go; the rest of the path is appended. */
  upstream: httpUrl.check(
    z.refine((value) => {
      const { username, password, search, hash } = new URL(value)
      return `${username}${password}${search}${hash}` === ''
    }, 'must have no user name, no query and no fragment'),
  ),
  /**
   * Any other method is answered with 405. Preflights never reach the upstream.
   * @default ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']
   */
  methods: z._default(
    z
      .array(method)
      .check(z.minLength(1, 'needs at least one method; leave it out for the usual ones')),
    ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
  ),
  /**
   * Whether requests need a session; with `optional`, those without one reach the upstream without a token.
   * @default 'required'
   */
  session: z._default(z.enum(['required', 'optional']), 'required'),
  /** What the access token has to name as its audience; any other token is not sent to this upstream. */
  audience: z.optional(z.string().check(z.minLength(1))),
  /** Exchanges the access token of the session for one of this route (RFC 8693). */
  exchange: z.optional(exchange),
  /**
   * Lets `EventSource`, which cannot send headers, connect without the version header.
   * @default false
   */
  eventSource: z._default(z.boolean(), false),
  /**
   * Lets WebSockets connect, from trusted origins and until the access token expires.
   * @default false
   */
  webSocket: z._default(z.boolean(), false),
  /**
   * Sends the `Host` of the browser to the upstream, in place of the upstream's own.
   * @default false
   */
  preserveHost: z._default(z.boolean(), false),
  /**
   * Names of the upstream's own cookies that come back to it, such as those of sticky sessions.
   * @default []
   */
  cookies: z._default(z.array(cookieName), []),
  /** How TLS connections to the upstream are made. */
  tls: z.optional(tls),
  /**
   * Seconds until the upstream has to send headers.
   * @default 30
   */
  timeout: z._default(z.int().check(z.minimum(1)), 30),
})

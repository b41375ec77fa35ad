// The handler's configuration: its shape, its defaults, and what each mistake is called.
import { DEFAULT_COOKIE_PREFIX, isHttpUrl } from '@token-handler/contract'
import * as z from 'zod'
import { isConfidential, isOrigin } from './urls.ts'

const httpUrl = z
  .string()
  .refine(isHttpUrl, { error: 'must be an absolute http or https URL', abort: true })

/** https, or http on a loopback name: tokens and credentials travel to these URLs. */
const secureUrl = httpUrl.refine(
  isConfidential,
  'must be https, because tokens travel there; http is accepted on localhost, *.localhost and loopback addresses only',
)

const origin = z
  .string()
  .refine(
    isOrigin,
    'must be an exact origin such as https://www.example.com: scheme, host and port; no path, no trailing slash, no wildcard',
  )

const path = z
  .string()
  .regex(
    /^(?:\/(?!\.{1,2}(?:\/|$))[\w.~-]+)+$/,
    'must be a path such as /oauth-agent, without a trailing slash',
  )

const seconds = z.number().int().nonnegative()

const secret = z
  .string()
  .refine(
    (value) => new TextEncoder().encode(value).length >= 32,
    'must have at least 32 bytes of randomness; make one with: openssl rand -base64 48',
  )

const authorizationServer = z.strictObject({
  /** The issuer identifier. Everything else comes from its metadata, unless given here. */
  issuer: secureUrl,
  /** Where the browser is sent; only when there is no metadata document, or to override it. */
  authorizationEndpoint: secureUrl.optional(),
  /** Where the handler calls: may be an internal URL. */
  tokenEndpoint: secureUrl.optional(),
  jwksUri: secureUrl.optional(),
  endSessionEndpoint: secureUrl.optional(),
  revocationEndpoint: secureUrl.optional(),
  /** Seconds to wait for any answer of the authorization server. */
  timeout: seconds.min(1).max(60).default(8),
})

const client = z.strictObject({
  id: z.string().min(1),
  secret: z.string().min(1),
  /** How the client authenticates. */
  authentication: z
    .enum(['client_secret_basic', 'client_secret_post'])
    .default('client_secret_basic'),
  /** The page of the SPA that ends logins; never taken from a request. */
  redirectUri: secureUrl,
  /** Where the authorization server sends the browser after a sign-out. */
  postLogoutRedirectUri: secureUrl.optional(),
  scope: z.string().min(1).default('openid profile'),
  /** Names of extra parameters that the SPA may add to the authorization request. */
  authorizationParameters: z
    .array(z.string().min(1))
    .default(['acr_values', 'login_hint', 'max_age', 'prompt', 'ui_locales']),
})

const cookies = z.strictObject({
  /** Newest first: the first seals, all open. Keys rotate by adding one in front. */
  secrets: z
    .array(secret)
    .min(1, 'needs at least one secret; make one with: openssl rand -base64 48'),
  prefix: z
    .string()
    .regex(/^[\w-]{1,64}$/, 'may have letters, digits, "_" and "-", at most 64')
    .default(DEFAULT_COOKIE_PREFIX),
  /** A relaxation: cookies for a parent domain. Impossible with a `__Host-` prefix. */
  domain: z
    .string()
    .regex(/^[a-z\d-]+(?:\.[a-z\d-]+)*$/i, 'must be a host name such as example.com')
    .optional(),
  /** A relaxation, for plain http off localhost. Impossible with a `__` prefix. */
  secure: z.boolean().default(true),
  /** All cookies of ours together may have this many bytes; a login that needs more fails. */
  maxBytes: seconds.min(1024).default(7168),
})

const refresh = z.strictObject({
  /** An access token younger than this many seconds is not refreshed again. */
  freshFor: seconds.default(5),
  /** For this many seconds, the same refresh token gets the same answer. */
  resultsKeptFor: seconds.min(1).max(60).default(20),
})

const method = z
  .string()
  .regex(/^[A-Z]+$/, 'must be a method in capitals such as GET')
  .refine(
    (value) => !['CONNECT', 'TRACE', 'TRACK'].includes(value),
    'cannot be forwarded: it would open a tunnel or show the access token to the page; remove it',
  )

const route = z.strictObject({
  /** Requests to this path and everything below it; where several match, the longest wins. */
  path,
  /** Where they go; the rest of the path is appended. */
  upstream: httpUrl.refine((value) => {
    const { username, password, search, hash } = new URL(value)
    return `${username}${password}${search}${hash}` === ''
  }, 'must have no user name, no query and no fragment'),
  /** Any other method is answered with 405. Preflights never reach the upstream. */
  methods: z
    .array(method)
    .min(1, 'needs at least one method; leave it out for the usual ones')
    .default(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']),
  /** Lets `EventSource`, which cannot send headers, connect without the version header. */
  eventSource: z.boolean().default(false),
  /** Seconds until the upstream has to send headers. */
  timeout: seconds.min(1).default(30),
})

const server = z.strictObject({
  host: z.string().min(1).default('127.0.0.1'),
  port: z.number().int().min(0).max(65_535).default(3000),
  logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  /** Seconds that open requests get to finish in when the server closes. */
  drainFor: seconds.max(600).default(10),
})

/** Every setting by itself; what they may be together is in rules.ts. Unknown keys are mistakes. */
export const configurationSchema = z.strictObject({
  authorizationServer,
  client,
  cookies,
  /** The SPA's origins; compared character by character. */
  trustedOrigins: z.array(origin).min(1, 'needs the origin of the SPA'),
  /** The agent's operations live below this path. */
  agentPath: path.default('/oauth-agent'),
  routes: z.array(route).default([]),
  refresh: refresh.prefault({}),
  server: server.prefault({}),
  /** Adds `detailed_error` to error answers; for development. */
  exposeErrorDetails: z.boolean().default(false),
})

/** What an operator writes. */
export type ConfigurationInput = z.input<typeof configurationSchema>

/** What the handler works with: checked, defaults filled in. */
export type Configuration = z.output<typeof configurationSchema>

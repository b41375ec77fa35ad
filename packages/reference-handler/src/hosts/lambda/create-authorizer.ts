// The proxy as a Lambda authorizer: API Gateway forwards requests itself, and asks this function about each.
import { bindingSettings } from '../../configuration/bound-tokens.ts'
import { ConfigurationError } from '../../configuration/configuration-error.ts'
import { nameSetting } from '../../configuration/describe-mistakes.ts'
import { variables } from '../../configuration/environment-variables.ts'
import type { Configuration } from '../../configuration/schema.ts'
import type { Ports } from '../../ports.ts'
import { createOAuthProxy } from '../../proxy/oauth-proxy.ts'
import type { OAuthProxy } from '../../proxy/oauth-proxy.ts'
import { createInstance } from './create-instance.ts'
import type { LambdaOptions } from './create-instance.ts'
import type { EventV2 } from './events.ts'
import { findLine, readEvent } from './read-event.ts'

/** What API Gateway sends to an authorizer of an HTTP API with payload format 2.0. */
export type AuthorizerEvent = EventV2

/** The simple form of answer. Values of `context` are for parameter mappings: `$context.authorizer.authorization`. */
export interface AuthorizerAnswer {
  readonly isAuthorized: boolean
  readonly context?: {
    /** The header for the API: `Bearer` and the access token; empty where the route does without a session. */
    readonly authorization: string
    /** The path of the route. */
    readonly route: string
  }
}

/** A function that decides about requests. */
export type LambdaAuthorizer = (event: AuthorizerEvent) => Promise<AuthorizerAnswer>

/**
 * Creates a Lambda authorizer for an HTTP API: payload format 2.0, simple answers, and **no caching**
 * (`AuthorizerResultTtlInSeconds: 0`), because the decision depends on method, path and a dozen headers. It is
 * configured by environment variables, by the same names as `token-handler serve`.
 *
 * API Gateway answers a refusal itself, with 403 and a body of its own. Preflights it answers by its own CORS
 * configuration. WebSockets, and routes whose upstream has another path, are not for it. Access tokens that are bound to
 * a key or a certificate are a mistake of the configuration: API Gateway has neither. Mistakes are logged, and
 * every request is refused until they are mended.
 *
 * Sessions that were ended from elsewhere are refused where there is a store: `options.store`, or Redis by `redis.url`.
 *
 * @param options - see {@link LambdaOptions}; every option has a default
 *
 * @example
 * import { createLambdaAuthorizer } from '@token-handler/reference-handler/lambda'
 *
 * export const handler = createLambdaAuthorizer()
 *
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html Lambda authorizers}
 */
export function createLambdaAuthorizer(options: LambdaOptions = {}): LambdaAuthorizer {
  const ready = createProxy(options)
  return async (event) => {
    const created = await ready
    if (created === undefined) return { isAuthorized: false }
    const { method, target, headers, connection } = readEvent(event)
    const decision = await created.proxy.authorize({ method, target, headers, connection })
    if (decision.kind === 'forward') {
      const authorization = findLine(decision.headers, 'authorization') ?? ''
      return { isAuthorized: true, context: { authorization, route: decision.prefix } }
    }
    if (decision.kind === 'refuse') {
      const { code, reason } = decision
      created.log.debug({ code, reason }, 'request refused')
    }
    return { isAuthorized: false }
  }
}

const bound =
  'binds access tokens to what API Gateway does not have: it forwards without a proof of possession (DPoP) and without the certificate of the handler, and APIs would refuse that. Let createLambdaHandler forward to the APIs, or remove this; see docs/fapi.md'

function refuseBoundTokens(configuration: Configuration): void {
  const mistakes = bindingSettings(configuration).map((path) => ({
    setting: nameSetting(path, variables),
    message: bound,
  }))
  if (mistakes.length > 0) throw new ConfigurationError(mistakes)
}

async function createProxy(
  options: LambdaOptions,
): Promise<{ readonly proxy: OAuthProxy; readonly log: Ports['log'] } | undefined> {
  const instance = await createInstance(options, { refreshes: false, refuse: refuseBoundTokens })
  if (instance === undefined) return undefined
  const { configuration, ports } = instance
  return { proxy: createOAuthProxy(configuration, ports), log: ports.log }
}

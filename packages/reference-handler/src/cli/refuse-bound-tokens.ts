// Access tokens that are bound to what the handler has are of no use to a gateway, which has none of it.
import { bindingSettings } from '../configuration/bound-tokens.ts'
import { ConfigurationError } from '../configuration/configuration-error.ts'
import { nameSetting } from '../configuration/describe-mistakes.ts'
import { variables } from '../configuration/environment-variables.ts'
import type { Deployment } from '../configuration/load.ts'
import { tenantsOf } from './tenants-of.ts'

const message =
  'binds access tokens to what the proxy inside nginx does not have: it can make no proofs of possession (DPoP), nor show the certificate of the handler, and APIs would refuse what it sends. Let the handler forward to the APIs, or remove this; see docs/fapi.md'

/**
 * Refuses what a gateway cannot do.
 *
 * @throws {ConfigurationError} with the mistakes of each tenant whose access tokens are bound to a key or a certificate
 */
export function refuseBoundTokens(deployment: Deployment): void {
  const isOne = deployment.kind === 'single'
  const mistakes = tenantsOf(deployment).flatMap(({ configuration }, index) =>
    bindingSettings(configuration).map((path) => ({
      setting: isOne ? nameSetting(path, variables) : nameSetting(['tenants', index, ...path], []),
      message,
    })),
  )
  if (mistakes.length > 0) throw new ConfigurationError(mistakes)
}

// Access tokens that are bound to keys of the handler are of no use to a gateway, which has none of them.
import { ConfigurationError } from '../configuration/configuration-error.ts'
import { nameSetting } from '../configuration/describe-mistakes.ts'
import { variables } from '../configuration/environment-variables.ts'
import type { Deployment } from '../configuration/load.ts'
import { tenantsOf } from './tenants-of.ts'

const message =
  'binds access tokens to a key that the proxy inside nginx does not have: it can make no proofs of possession (DPoP), and APIs would refuse what it sends. Let the handler forward to the APIs, or remove this; see docs/fapi.md'

/**
 * Refuses what a gateway cannot do.
 *
 * @throws {ConfigurationError} with a mistake for each tenant whose access tokens are bound to keys
 */
export function refuseBoundTokens(deployment: Deployment): void {
  const isOne = deployment.kind === 'single'
  const mistakes = tenantsOf(deployment).flatMap(({ configuration }, index) => {
    if (configuration.client.dpopKeys === undefined) return []
    const path = ['client', 'dpopKeys']
    const setting = isOne
      ? nameSetting(path, variables)
      : nameSetting(['tenants', index, ...path], [])
    return [{ setting, message }]
  })
  if (mistakes.length > 0) throw new ConfigurationError(mistakes)
}

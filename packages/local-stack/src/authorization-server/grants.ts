// What users allow the application: recording it, and assuming it where the user is not asked.
import type { Configuration, Interaction, Provider } from 'oidc-provider'
import * as z from 'zod'

/** Identifies the demo API in access tokens and grants. */
export const ORDERS_API = 'urn:token-handler:orders-api'

/** Scopes about the user, and the scope of the demo API. */
export const scopes = { user: ['openid', 'profile', 'email'], api: ['orders'] } as const

/** What oidc-provider says about a consent that is missing. */
const consentDetails = z.object({
  missingOIDCScope: z.array(z.string()).default([]),
  missingResourceScopes: z.record(z.string(), z.array(z.string())).default({}),
})

/** The scopes that this interaction asks the user for. */
export function missingScopes(interaction: Interaction): readonly string[] {
  const details = consentDetails.parse(interaction.prompt.details)
  return [...details.missingOIDCScope, ...Object.values(details.missingResourceScopes).flat()]
}

/** Records that the user allows all an interaction asks for; resolves with the grant's id. */
export async function grantMissingScopes(
  provider: Provider,
  interaction: Interaction,
  accountId: string,
): Promise<string> {
  const details = consentDetails.parse(interaction.prompt.details)
  const existing =
    interaction.grantId === undefined ? undefined : await provider.Grant.find(interaction.grantId)
  const clientId = String(interaction.params['client_id'])
  const grant = existing ?? new provider.Grant({ accountId, clientId })
  if (details.missingOIDCScope.length > 0) grant.addOIDCScope(details.missingOIDCScope)
  for (const [resource, missing] of Object.entries(details.missingResourceScopes)) {
    grant.addResourceScope(resource, missing)
  }
  return grant.save()
}

/** Gives every session a grant of everything, so that no consent page is shown. */
export const grantEverything: NonNullable<Configuration['loadExistingGrant']> = async (ctx) => {
  const { provider, session, client, account } = ctx.oidc
  if (client === undefined || account === undefined) return undefined
  const grantId = session?.grantIdFor(client.clientId)
  const existing = grantId === undefined ? undefined : await provider.Grant.find(grantId)
  if (existing !== undefined) return existing
  const grant = new provider.Grant({ accountId: account.accountId, clientId: client.clientId })
  grant.addOIDCScope([...scopes.user])
  grant.addResourceScope(ORDERS_API, [...scopes.api])
  await grant.save()
  return grant
}

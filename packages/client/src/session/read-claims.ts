// Gives the ID token's claims the app's type, by the app's own schema.
import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Claims } from '@token-handler/contract'
import { isDevelopment } from '../development.ts'
import { TokenHandlerError } from '../errors.ts'
import { freezePlain } from './freeze-plain.ts'

/** Claims in the app's type, or why they cannot have it. */
export type ReadClaims<C> =
  | { readonly kind: 'fit'; readonly claims: C }
  | { readonly kind: 'misfit'; readonly error: TokenHandlerError }

/** Turns claims into the app's type. Never rejects. */
export type ClaimsReader<C> = (claims: Claims) => Promise<ReadClaims<C>>

function pathOf(issue: StandardSchemaV1.Issue): string {
  const keys = issue.path?.map((segment) => (typeof segment === 'object' ? segment.key : segment))
  return keys?.map(String).join('.') || '(all of them)'
}

function misfit(paths: readonly string[], cause: unknown): ReadClaims<never> {
  const where = paths.join(', ')
  const message = isDevelopment
    ? `The ID token's claims do not fit the claims schema: ${where}.`
    : where
  return {
    kind: 'misfit',
    error: new TokenHandlerError('contract_violation', message, { cause }),
  }
}

/** The check of a claims schema, or of none: any claims are fine then. */
export type ValidateClaims<C> = (
  claims: Claims,
) => StandardSchemaV1.Result<C> | Promise<StandardSchemaV1.Result<C>>

/** Reads claims through a check. The same claims give the same object again: nothing renders twice. */
export function createClaimsReader<C>(validate: ValidateClaims<C>): ClaimsReader<C> {
  let latest: { readonly json: string; readonly read: ReadClaims<C> } | undefined

  async function read(claims: Claims): Promise<ReadClaims<C>> {
    try {
      const result = await validate(claims)
      if (!result.issues) return { kind: 'fit', claims: freezePlain(result.value) }
      return misfit([...new Set(result.issues.map(pathOf))], result.issues)
    } catch (cause) {
      return misfit(['the schema threw an error'], cause)
    }
  }

  return async (claims) => {
    const json = JSON.stringify(claims)
    if (latest?.json === json) return latest.read
    const current = { json, read: await read(claims) }
    latest = current
    return current.read
  }
}

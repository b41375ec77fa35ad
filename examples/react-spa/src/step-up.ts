// What to ask of the sign-in when the API wants a fresher or stronger one.
import { isTokenHandlerError } from '@token-handler/client'

/** Authorization parameters for the next sign-in. */
export type StepUpParameters = Readonly<Record<string, string>>

/**
 * Turns what the API wants into what to ask of the authorization server.
 *
 * @returns `undefined` when the error is another one
 * @see {@link https://www.rfc-editor.org/rfc/rfc9470#section-4 RFC 9470 section 4}
 */
export function readStepUp(error: unknown): StepUpParameters | undefined {
  if (!isTokenHandlerError(error) || error.code !== 'step_up_required') return undefined
  const { acrValues, maxAge } = error
  return {
    ...(acrValues !== undefined && { acr_values: acrValues }),
    ...(maxAge !== undefined && { max_age: String(maxAge) }),
  }
}

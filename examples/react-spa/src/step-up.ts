// What to ask of the sign-in when the API wants a fresher or stronger one.
import { isTokenHandlerError } from '@token-handler/client'

/** Authorization parameters for the next sign-in. */
export type StepUpParameters = Readonly<Record<string, string>>

const wanted = ['max_age', 'acr_values'] as const

/**
 * Reads the API's challenge out of an error of the client's `fetch`.
 *
 * @returns `undefined` when the error is another one
 * @see {@link https://www.rfc-editor.org/rfc/rfc9470#section-4 RFC 9470 section 4}
 */
export function readStepUp(error: unknown): StepUpParameters | undefined {
  if (!isTokenHandlerError(error) || error.code !== 'step_up_required') return undefined
  const challenge =
    error.cause instanceof Response ? (error.cause.headers.get('www-authenticate') ?? '') : ''
  return Object.fromEntries(
    wanted.flatMap((name) => {
      const [, value] = new RegExp(`\\b${name}="([^"]*)"`).exec(challenge) ?? []
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

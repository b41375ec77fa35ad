// What a guard shows of an error, until the app has a view of its own.
import { isTokenHandlerError } from '@token-handler/client'
import type { ReactElement } from 'react'

/** Props of {@link SessionError}. */
export interface SessionErrorProps {
  readonly error: Error
  /** Tries again what has failed. */
  readonly retry: () => void
}

/** For a user: what was seen to fail, and nothing that was not. Devtools have other words, for a developer. */
function explain(error: Error): string {
  if (!isTokenHandlerError(error)) return 'The sign-in did not succeed.'
  const { code, operation, status } = error
  if (code === 'agent_unreachable') {
    return status === undefined
      ? 'The sign-in service does not answer.'
      : `The sign-in service has trouble (${status}).`
  }
  return operation === 'session'
    ? 'We could not find out whether you are signed in.'
    : 'The sign-in did not succeed.'
}

/**
 * The view of an error: says that the sign-in service did not answer or has trouble, that it did not say whether
 * the user is signed in, or that the sign-in did not succeed, with the code and message for a developer, and a
 * button to try again. It has no style of its own.
 *
 * @example
 * import { RequireSession, SessionError } from '@token-handler/react'
 *
 * export const Account = () => (
 *   <RequireSession
 *     error={(error, retry) => (
 *       <section className="notice">
 *         <SessionError error={error} retry={retry} />
 *       </section>
 *     )}
 *   >
 *     <p>Signed in</p>
 *   </RequireSession>
 * )
 */
export function SessionError({ error, retry }: SessionErrorProps): ReactElement {
  const code = isTokenHandlerError(error) ? error.code : error.name
  return (
    <div role="alert">
      <p>{explain(error)}</p>
      <button type="button" onClick={retry}>
        Try again
      </button>
      <p>
        <small>
          {code}: {error.message}
        </small>
      </p>
    </div>
  )
}

// What a guard shows of an error, until the app has a view of its own.
import { isTokenHandlerError } from '@token-handler/client'
import type { ReactElement } from 'react'

/** Props of {@link SessionError}. */
export interface SessionErrorProps {
  readonly error: Error
  /** Tries again what has failed. */
  readonly retry: () => void
}

/**
 * The view of an error: says that the sign-in service did not answer or that the sign-in did not succeed, with
 * the code and message for a developer, and a button to try again. It has no style of its own.
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
      <p>
        {code === 'agent_unreachable'
          ? 'The sign-in service does not answer.'
          : 'The sign-in did not succeed.'}
      </p>
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

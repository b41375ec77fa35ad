// What stands in front of a page that needs a signed-in user.
import { isTokenHandlerError } from '@token-handler/client'
import { RequireSession, useSession, useTokenHandler } from '@token-handler/react'
import type { RequireSessionProps } from '@token-handler/react'
import type { ReactElement } from 'react'
import { explainError } from '../explain-error.ts'
import { LoadingRows } from './loading-rows.tsx'
import { Notice } from './notice.tsx'
import { SignInButton } from './sign-in-button.tsx'

interface SessionGateProps {
  /** Where to be after the sign-in; the current page by default. */
  readonly returnTo?: string | undefined
  readonly children: RequireSessionProps['children']
}

export function SessionGate({ returnTo, children }: SessionGateProps): ReactElement {
  return (
    <RequireSession
      loading={<LoadingRows label="Finding out who you are…" rows={3} />}
      fallback={<SignedOut returnTo={returnTo} />}
      error={<SessionFailure returnTo={returnTo} />}
    >
      {children}
    </RequireSession>
  )
}

const expired = {
  title: 'Your session has ended',
  advice: 'Sign in again to carry on where you were.',
}

const signedOut = {
  title: 'Sign in to see this page',
  advice: 'Orders and profile are for customers only. After signing in you come back here.',
}

function SignedOut({ returnTo }: Pick<SessionGateProps, 'returnTo'>): ReactElement {
  const session = useSession()
  const isExpired = session.status === 'unauthenticated' && session.reason === 'expired'
  const { title, advice } = isExpired ? expired : signedOut
  return (
    <Notice title={title}>
      <p>{advice}</p>
      <SignInButton returnTo={returnTo} />
    </Notice>
  )
}

function SessionFailure({ returnTo }: Pick<SessionGateProps, 'returnTo'>): ReactElement {
  const client = useTokenHandler()
  const error = useSession((session) => (session.status === 'error' ? session.error : undefined))
  const { title, advice } = explainError(error)
  const mayPass = isTokenHandlerError(error) && error.retryable

  function tryAgain(): void {
    // This button is about to go away, and the answer appears in `main`.
    document.querySelector<HTMLElement>('main')?.focus()
    void client.load()
  }

  return (
    <Notice title={title} tone="failure">
      <p>{advice}</p>
      <div className="notice-actions">
        {mayPass && (
          <button className="button" type="button" onClick={tryAgain}>
            Try again
          </button>
        )}
        <SignInButton quiet={mayPass} returnTo={returnTo} />
      </div>
    </Notice>
  )
}

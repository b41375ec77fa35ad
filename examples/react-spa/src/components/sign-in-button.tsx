// The button that leaves for the authorization server.
import type { ReactElement, ReactNode } from 'react'
import { explainError } from '../explain-error.ts'
import { useSignIn } from '../use-sign-in.ts'
import { ActionButton } from './action-button.tsx'

interface SignInButtonProps {
  /** Where to be after the sign-in; the current page by default. */
  readonly returnTo?: string | undefined
  readonly quiet?: boolean
  readonly children?: ReactNode
}

export function SignInButton({
  returnTo,
  quiet = false,
  children = 'Sign in',
}: SignInButtonProps): ReactElement {
  const signIn = useSignIn(returnTo)
  return (
    <>
      <ActionButton quiet={quiet} pending={signIn.isPending} onClick={() => signIn.mutate()}>
        {signIn.isPending ? 'Opening sign-in…' : children}
      </ActionButton>
      {signIn.isError && (
        <p className="field-error" role="alert">
          {explainError(signIn.error).title}. Please try again.
        </p>
      )}
    </>
  )
}

// The button that ends the session, here and at the authorization server.
import { useMutation } from '@tanstack/react-query'
import { useTokenHandler } from '@token-handler/react'
import type { ReactElement } from 'react'
import { ActionButton } from './action-button.tsx'

export function SignOutButton(): ReactElement {
  const client = useTokenHandler()
  const signOut = useMutation({ mutationFn: () => client.logout() })
  return (
    <>
      <ActionButton quiet pending={signOut.isPending} onClick={() => signOut.mutate()}>
        {signOut.isPending ? 'Signing out…' : 'Sign out'}
      </ActionButton>
      {signOut.isError && (
        <p className="field-error" role="alert">
          You are still signed in. Please try again.
        </p>
      )}
    </>
  )
}

// The corner of the header that says who is signed in.
import { useSession } from '@token-handler/react'
import type { ReactElement } from 'react'
import { SignInButton } from './sign-in-button.tsx'
import { SignOutButton } from './sign-out-button.tsx'

export function Account(): ReactElement | null {
  const session = useSession()
  if (session.status === 'loading') return null
  if (session.status !== 'authenticated') return <SignInButton quiet />
  return (
    <>
      <span className="account-name">{session.claims.name}</span>
      <SignOutButton />
    </>
  )
}

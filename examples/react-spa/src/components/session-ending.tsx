// The strip below the header that says that the session will end soon.
import { useSession, useTokenHandler } from '@token-handler/react'
import { useEffect, useState } from 'react'
import type { ReactElement } from 'react'
import { SignInButton } from './sign-in-button.tsx'

const times = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' })

export function SessionEnding(): ReactElement {
  const client = useTokenHandler()
  const [endsAt, setEndsAt] = useState<number>()
  useEffect(
    () => client.on('sessionExpiring', ({ sessionExpiresAt }) => setEndsAt(sessionExpiresAt)),
    [client],
  )
  // What was announced may have been about an earlier session.
  const isAboutThisSession = useSession(
    (session) => session.status === 'authenticated' && session.sessionExpiresAt === endsAt,
  )
  return (
    <div role="status">
      {endsAt !== undefined && isAboutThisSession && (
        <div className="banner">
          <div className="frame">
            <p>Your session ends at {times.format(endsAt)}. Sign in again to carry on.</p>
            <SignInButton quiet>Sign in again</SignInButton>
          </div>
        </div>
      )}
    </div>
  )
}

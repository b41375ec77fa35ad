// The strip below the header that says when the sign-in service does not answer.
import { useMutation } from '@tanstack/react-query'
import { useSession, useTokenHandler } from '@token-handler/react'
import type { ReactElement } from 'react'
import { ActionButton } from './action-button.tsx'

export function SessionBanner(): ReactElement {
  const client = useTokenHandler()
  const stale = useSession((session) => session.status === 'authenticated' && session.stale)
  const check = useMutation({ mutationFn: () => client.session() })
  return (
    <div role="status">
      {stale && (
        <div className="banner">
          <div className="frame">
            <p>We cannot reach the sign-in service; you can keep working.</p>
            <ActionButton quiet pending={check.isPending} onClick={() => check.mutate()}>
              Check again
            </ActionButton>
          </div>
        </div>
      )}
    </div>
  )
}

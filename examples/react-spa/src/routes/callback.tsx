// Where the authorization server sends the browser back to.
import type { ReactElement } from 'react'
import { Navigate, replace, useLoaderData } from 'react-router'
import { BrandMark } from '../components/brand-mark.tsx'
import { Page } from '../components/page.tsx'
import { SessionGate } from '../components/session-gate.tsx'
import type { AppClient } from '../token-handler.ts'

/** Ends the login, then goes where the user wanted to be; stays here when there is no session. */
export async function endLogin(client: AppClient): Promise<Response | { returnTo: string }> {
  const { session, returnTo = '/orders' } = await client.load()
  return session.status === 'authenticated' ? replace(returnTo) : { returnTo }
}

export function CallbackProgress(): ReactElement {
  return (
    <div className="frame progress" role="status">
      <title>Signing you in · Nordlicht Coffee</title>
      <BrandMark className="progress-mark" size={56} />
      <p>Signing you in…</p>
    </div>
  )
}

/** Seen only when the sign-in did not end with a session, or on a bookmark of this page. */
export function CallbackPage(): ReactElement {
  const { returnTo } = useLoaderData<{ returnTo: string }>()
  return (
    <Page title="Sign in">
      <SessionGate returnTo={returnTo}>
        <Navigate to={returnTo} replace />
      </SessionGate>
    </Page>
  )
}

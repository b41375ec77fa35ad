// Who is signed in, from the claims of the ID token.
import type { ReactElement } from 'react'
import { FactList } from '../components/fact-list.tsx'
import { Page } from '../components/page.tsx'
import { SessionGate } from '../components/session-gate.tsx'

export function ProfilePage(): ReactElement {
  return (
    <Page title="Profile" lead="What our sign-in service told us about you.">
      <SessionGate>
        {({ claims }) => (
          <section className="card profile" aria-labelledby="profile-name">
            <div className="profile-head">
              <span className="avatar" aria-hidden="true">
                {claims.name.slice(0, 1)}
              </span>
              <h2 id="profile-name">{claims.name}</h2>
            </div>
            <FactList
              facts={[
                ['E-mail', claims.email ?? 'Not given'],
                ['Customer number', claims.sub],
              ]}
            />
          </section>
        )}
      </SessionGate>
    </Page>
  )
}

// What the client knows now.
import type { TraceStep } from '@token-handler/client'
import { useState } from 'react'
import type { ReactElement } from 'react'
import type { Session } from '../register.ts'
import { useSession } from '../use-session.ts'
import { formatDeadline } from './format.ts'
import { readLoggedInFlags } from './logged-in-flags.ts'
import { useNow } from './use-now.ts'

interface StateViewProps {
  readonly steps: readonly TraceStep[]
  readonly tabId: string | undefined
}

function describeStatus(session: Session): string {
  switch (session.status) {
    case 'authenticated':
      return session.stale ? 'authenticated, stale: the agent could not confirm it' : session.status
    case 'unauthenticated':
      return `unauthenticated: ${session.reason}`
    case 'error':
      return `error: ${session.error.code}`
    case 'loading':
      return session.status
  }
  return session satisfies never
}

/** The epoch that this tab spoke of last. */
function findEpoch(steps: readonly TraceStep[], tabId: string | undefined): number | undefined {
  const step = steps.findLast((step) => step.tabId === tabId && 'epoch' in step)
  return step !== undefined && 'epoch' in step ? step.epoch : undefined
}

/** State, deadlines, epoch and flag; claims only when they are asked for. */
export function StateView({ steps, tabId }: StateViewProps): ReactElement {
  const session = useSession()
  const now = useNow()
  const [areClaimsShown, setClaimsShown] = useState(false)
  const signedIn = session.status === 'authenticated' ? session : undefined
  const flags = readLoggedInFlags()
  const facts: readonly (readonly [name: string, value: string])[] = [
    ['Session', describeStatus(session)],
    ...(signedIn === undefined
      ? []
      : ([
          ['Access token ends', formatDeadline(signedIn.accessTokenExpiresAt, now)],
          ['Session ends', formatDeadline(signedIn.sessionExpiresAt, now)],
          ...(signedIn.isDeviceBound ? [['Cookies', 'bound to this device'] as const] : []),
        ] as const)),
    ['Epoch', String(findEpoch(steps, tabId) ?? 'not known yet')],
    ...(flags.length === 0
      ? [['isLoggedIn flag', 'absent'] as const]
      : flags.map(
          ({ agentUrl, value }) => ['isLoggedIn flag', `${value}, for ${agentUrl}`] as const,
        )),
  ]
  return (
    <section aria-labelledby="state">
      <h2 id="state">State</h2>
      <dl>
        {facts.map(([name, value]) => (
          <div key={name + value}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {signedIn && (
        <>
          <button
            type="button"
            aria-expanded={areClaimsShown}
            onClick={() => setClaimsShown(!areClaimsShown)}
          >
            {areClaimsShown ? 'Hide the claims' : 'Show the claims'}
          </button>
          {areClaimsShown && (
            <pre tabIndex={0}>{JSON.stringify(signedIn.claims, undefined, 2)}</pre>
          )}
        </>
      )}
    </section>
  )
}

// Buttons that make things go wrong, shown only beside the local stack.
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactElement } from 'react'

interface Action {
  readonly label: string
  /** What the control is asked for, in this order. */
  readonly paths: readonly string[]
  readonly done: string
}

interface DevelopmentPanelProps {
  readonly controlUrl: string
}

const actions: readonly Action[] = [
  {
    label: 'Expire the access token',
    paths: ['/expire-access-tokens'],
    done: 'Expired: the next call to the API refreshes it.',
  },
  {
    label: 'End the session',
    paths: ['/end-sessions', '/expire-access-tokens'],
    done: 'Ended: the next call to the API finds out.',
  },
  { label: 'Take the API down', paths: ['/api-down'], done: 'The API is down.' },
  { label: 'Bring the API up', paths: ['/api-up'], done: 'The API is up.' },
]

export function DevelopmentPanel({ controlUrl }: DevelopmentPanelProps): ReactElement {
  const [isBroken, setBroken] = useState(false)
  const run = useMutation({
    mutationFn: async ({ paths, done }: Action) => {
      for (const path of paths) {
        const response = await fetch(new URL(path, controlUrl), { method: 'POST' })
        if (!response.ok) throw new Error(`The control answered ${response.status}.`)
      }
      return done
    },
  })
  if (isBroken) throw new Error('Broken on purpose, by the development panel.')
  return (
    <aside className="development-panel" aria-label="Development panel">
      <details className="frame">
        <summary>Development</summary>
        <div className="development-actions">
          {actions.map((action) => (
            <button
              className="button button-quiet"
              key={action.label}
              type="button"
              onClick={() => run.mutate(action)}
            >
              {action.label}
            </button>
          ))}
          <button className="button button-quiet" type="button" onClick={() => setBroken(true)}>
            Break this page
          </button>
        </div>
        <p role="status">{run.error?.message ?? run.data}</p>
      </details>
    </aside>
  )
}

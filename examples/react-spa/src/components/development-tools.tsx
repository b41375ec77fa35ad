// Buttons that make things go wrong, in the devtools, and only beside the local stack.
import { useMutation } from '@tanstack/react-query'
import type { ReactElement } from 'react'
import { breakPage } from './breakable.tsx'

interface Action {
  readonly label: string
  /** What the control is asked for, in this order. */
  readonly paths: readonly string[]
  readonly done: string
}

interface DevelopmentToolsProps {
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

export function DevelopmentTools({ controlUrl }: DevelopmentToolsProps): ReactElement {
  const run = useMutation({
    mutationFn: async ({ paths, done }: Action) => {
      for (const path of paths) {
        const response = await fetch(new URL(path, controlUrl), { method: 'POST' })
        if (!response.ok) throw new Error(`The control answered ${response.status}.`)
      }
      return done
    },
  })
  return (
    <div>
      {actions.map((action) => (
        <button key={action.label} type="button" onClick={() => run.mutate(action)}>
          {action.label}
        </button>
      ))}
      <button type="button" onClick={breakPage}>
        Break this page
      </button>
      <p role="status">{run.error?.message ?? run.data}</p>
    </div>
  )
}

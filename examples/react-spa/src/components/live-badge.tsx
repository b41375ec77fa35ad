// Says whether the list below it follows the API live.
import type { ReactElement } from 'react'
import type { LiveState } from '../follow-orders.ts'

const texts: Readonly<Record<LiveState, string>> = {
  connecting: 'Connecting…',
  live: 'Live: orders from other tabs appear by themselves',
  waiting: 'Not live just now; trying again',
}

export function LiveBadge({ state }: { readonly state: LiveState }): ReactElement {
  return (
    <p className="live-badge" data-state={state} role="status">
      {texts[state]}
    </p>
  )
}

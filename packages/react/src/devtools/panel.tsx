// The panel: what the client knows, what it did, and what went wrong.
import { useSyncExternalStore } from 'react'
import type { ReactElement } from 'react'
import { ErrorsView } from './errors-view.tsx'
import type { Recording } from './recording.ts'
import { StateView } from './state-view.tsx'
import { TimelineView } from './timeline-view.tsx'

export interface PanelProps {
  readonly recording: Recording
}

/** Draws a recording, as it grows. */
export function Panel({ recording }: PanelProps): ReactElement {
  const snapshot = useSyncExternalStore(recording.subscribe, recording.getSnapshot)
  return (
    <div className="panel-body">
      <TimelineView recording={snapshot} onClear={recording.clear} />
      <div className="facts">
        <StateView steps={snapshot.steps} tabId={snapshot.tabId} />
        <ErrorsView errors={snapshot.errors} />
      </div>
    </div>
  )
}

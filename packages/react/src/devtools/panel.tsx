// The panel: what the client knows, what it did, and what went wrong.
import { Children, useSyncExternalStore } from 'react'
import type { ReactElement, ReactNode } from 'react'
import { ErrorsView } from './errors-view.tsx'
import type { Recording } from './recording.ts'
import { StateView } from './state-view.tsx'
import { TimelineView } from './timeline-view.tsx'

export interface PanelProps {
  readonly recording: Recording
  /** Tools of the app's own. */
  readonly children?: ReactNode
}

/** Draws a recording, as it grows. */
export function Panel({ recording, children }: PanelProps): ReactElement {
  const snapshot = useSyncExternalStore(recording.subscribe, recording.getSnapshot)
  return (
    <div className="panel-body">
      <TimelineView recording={snapshot} onClear={recording.clear} />
      <div className="facts">
        {Children.toArray(children).length > 0 && (
          <section className="tools" aria-labelledby="tools">
            <h2 id="tools">Tools of this app</h2>
            {children}
          </section>
        )}
        <StateView steps={snapshot.steps} tabId={snapshot.tabId} />
        <ErrorsView errors={snapshot.errors} />
      </div>
    </div>
  )
}

// The timeline: time goes down, one column for each tab.
import { useEffect, useMemo, useRef } from 'react'
import type { ReactElement } from 'react'
import { formatDuration, formatTime } from './format.ts'
import type { RecordingSnapshot } from './recording.ts'
import { createTimeline } from './timeline.ts'
import type { TimelineRow } from './timeline.ts'

interface TimelineViewProps {
  readonly recording: RecordingSnapshot
  readonly onClear: () => void
}

/** How far from its end the timeline still counts as being read at its end, in pixels. */
const NEAR_THE_END = 40

/** A table with a column for each tab. */
export function TimelineView({ recording, onClear }: TimelineViewProps): ReactElement {
  const { steps, tabId } = recording
  const { lanes, rows } = useMemo(() => createTimeline(steps, tabId), [steps, tabId])
  const scroller = useRef<HTMLDivElement>(null)
  const isAtEnd = useRef(true)
  useEffect(() => {
    const { current } = scroller
    if (current !== null && isAtEnd.current) current.scrollTop = current.scrollHeight
  })

  return (
    <section className="timeline" aria-labelledby="timeline">
      <header>
        <h2 id="timeline">Timeline</h2>
        <button type="button" onClick={onClear}>
          Clear
        </button>
      </header>
      {rows.length === 0 && <p>Nothing has happened yet.</p>}
      <div
        ref={scroller}
        className="scroller"
        // Reachable by keyboard, since it scrolls.
        tabIndex={0}
        role="group"
        aria-label="Steps"
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          isAtEnd.current = scrollHeight - scrollTop - clientHeight < NEAR_THE_END
        }}
      >
        <table>
          <thead>
            <tr>
              <th scope="col">Time</th>
              {lanes.map(({ tabId, name }) => (
                <th scope="col" key={tabId}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.key} row={row} lanes={lanes.length} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

interface RowProps {
  readonly row: TimelineRow
  readonly lanes: number
}

function Row({ row, lanes }: RowProps): ReactElement {
  const { at, text, tone, duration, lane, isAfterPause } = row
  return (
    <tr className={isAfterPause ? 'after-pause' : undefined}>
      <th scope="row">
        <time dateTime={new Date(at).toISOString()}>{formatTime(at)}</time>
      </th>
      {Array.from({ length: lanes }, (_, index) => (
        <td key={index}>
          {index === lane && (
            <span className={`step ${tone}`}>
              {text}
              {duration !== undefined && <small> {formatDuration(duration)}</small>}
            </span>
          )}
        </td>
      ))}
    </tr>
  )
}

// The last errors, and what they mean.
import type { ReactElement } from 'react'
import { explainError } from './explain-error.ts'
import { formatTime } from './format.ts'
import type { RecordedError } from './recording.ts'

/** Where every code has a page. */
const PAGES = 'https://github.com/token-handler/token-handler/blob/main/docs/errors/'

interface ErrorsViewProps {
  readonly errors: readonly RecordedError[]
}

/** A list, the newest first. */
export function ErrorsView({ errors }: ErrorsViewProps): ReactElement {
  return (
    <section aria-labelledby="errors">
      <h2 id="errors">Last errors</h2>
      {errors.length === 0 && <p>None.</p>}
      <ul>
        {errors.map(({ at, error }, index) => (
          <li key={`${at} ${index}`}>
            <p>
              <strong>{error.code}</strong> {formatTime(at)}
              {error.operation !== undefined && `, ${error.operation}`}
              {error.status !== undefined && `, ${error.status}`}
              {error.agentCode !== undefined && `, ${error.agentCode}`}
            </p>
            <p>{error.message.replace(/ ?https:\S+$/, '')}</p>
            {error.details !== undefined && <p>The agent: {error.details}</p>}
            <p>{explainError(error)}</p>
            <p>
              <a href={PAGES + error.code + '.md'} target="_blank" rel="noreferrer">
                All about {error.code}
              </a>
            </p>
          </li>
        ))}
      </ul>
    </section>
  )
}

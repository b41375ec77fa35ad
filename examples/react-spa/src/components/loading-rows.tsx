// Grey rows in the place of what is being loaded.
import type { ReactElement } from 'react'

interface LoadingRowsProps {
  /** For screen readers. */
  readonly label: string
  readonly rows: number
}

export function LoadingRows({ label, rows }: LoadingRowsProps): ReactElement {
  return (
    <div className="skeleton" role="status">
      <p className="visually-hidden">{label}</p>
      {Array.from({ length: rows }, (_, row) => (
        <span key={row} />
      ))}
    </div>
  )
}

// Names and values, one pair a line.
import type { ReactElement } from 'react'

interface FactListProps {
  readonly facts: readonly (readonly [name: string, value: string])[]
}

export function FactList({ facts }: FactListProps): ReactElement {
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

// The sign of the house: northern lights in a cup's round.
import type { ReactElement } from 'react'

interface BrandMarkProps {
  readonly size: number
  readonly className?: string
}

export function BrandMark({ size, className }: BrandMarkProps): ReactElement {
  return (
    <svg className={className} width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <circle cx="16" cy="16" r="16" fill="#0c2a33" />
      <g fill="none" strokeLinecap="round">
        <path d="M3 20c4-9 8-9 12-4s9 5 14-5" stroke="#5fd0b0" strokeWidth="3" />
        <path d="M6 25c4-5 7-5 10-2s7 3 10-3" stroke="#8fb7ff" strokeWidth="2" opacity=".8" />
      </g>
    </svg>
  )
}

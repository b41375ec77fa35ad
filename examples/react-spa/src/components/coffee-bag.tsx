// A bag of coffee, drawn in the colours of its kind.
import type { ReactElement } from 'react'
import type { Coffee } from '../catalogue.ts'

interface CoffeeBagProps {
  /** Plain paper when the coffee is no longer on sale. */
  readonly coffee: Pick<Coffee, 'bag' | 'label'> | undefined
  readonly size: number
}

const plain = { bag: '#8a7f70', label: '#e9e2d5' }

export function CoffeeBag({ coffee = plain, size }: CoffeeBagProps): ReactElement {
  return (
    <svg className="coffee-bag" height={size} viewBox="0 0 60 80" aria-hidden="true">
      <path d="M8 14h44l4 62a3 3 0 0 1-3 3H7a3 3 0 0 1-3-3z" fill={coffee.bag} />
      <path d="M10 3h40a2 2 0 0 1 2 2v9H8V5a2 2 0 0 1 2-2z" fill={coffee.bag} />
      <path d="M8 14h44v3H8z" fill="#000" opacity=".18" />
      <rect x="13" y="32" width="34" height="30" rx="2" fill={coffee.label} />
      <path
        d="M17 51c5-9 8-8 12-4s8 4 14-5"
        fill="none"
        stroke={coffee.bag}
        strokeWidth="3"
        strokeLinecap="round"
      />
    </svg>
  )
}

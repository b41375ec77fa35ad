// The name of the house, which leads home.
import type { ReactElement } from 'react'
import { Link } from 'react-router'
import { BrandMark } from './brand-mark.tsx'

interface BrandProps {
  /** Whether following it loads the app anew, as after a crash. */
  readonly reload?: boolean
}

export function Brand({ reload = false }: BrandProps): ReactElement {
  return (
    <Link className="brand" to="/" reloadDocument={reload}>
      <BrandMark size={32} />
      Nordlicht Coffee
    </Link>
  )
}

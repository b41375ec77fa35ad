// The frame of a page: its title for the tab and for the eye, focused after a navigation.
import { useEffect, useRef } from 'react'
import type { ReactElement, ReactNode } from 'react'
import { useLocation } from 'react-router'

interface PageProps {
  readonly title: string
  readonly lead?: string
  readonly children: ReactNode
}

export function Page({ title, lead, children }: PageProps): ReactElement {
  return (
    <div className="frame page">
      <title>{`${title} · Nordlicht Coffee`}</title>
      <header className="page-header">
        <PageHeading>{title}</PageHeading>
        {lead !== undefined && <p className="lead">{lead}</p>}
      </header>
      {children}
    </div>
  )
}

/** Takes the focus after a navigation, so that a screen reader reads the new page's title. */
export function PageHeading({ children }: { readonly children: ReactNode }): ReactElement {
  const heading = useRef<HTMLHeadingElement>(null)
  const { key } = useLocation()
  useEffect(() => {
    // The first page of a visit has this key; there the browser puts the focus.
    if (key !== 'default') heading.current?.focus()
  }, [key])
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  )
}

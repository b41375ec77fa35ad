// The page for every path that leads nowhere.
import type { ReactElement } from 'react'
import { Link } from 'react-router'
import { Page } from '../components/page.tsx'

export function NotFoundPage(): ReactElement {
  return (
    <Page title="This page is not on the map" lead="The link is old, or a letter went missing.">
      <Link className="button" to="/">
        Back to the start
      </Link>
    </Page>
  )
}

// What is left to say when a page could not be drawn.
import type { ReactElement } from 'react'
import { Notice } from '../components/notice.tsx'

export function CrashPage(): ReactElement {
  return (
    <main className="frame page">
      <title>Something went wrong · Nordlicht Coffee</title>
      <Notice title="Something went wrong" tone="failure">
        <p>We are sorry. Your orders are not affected.</p>
        {/* Not a router link: the app begins anew. */}
        <a className="button" href="/">
          Start again
        </a>
      </Notice>
    </main>
  )
}

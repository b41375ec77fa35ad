// What is left to say when a page could not be drawn.
import type { ReactElement } from 'react'
import { Link } from 'react-router'
import { Brand } from '../components/brand.tsx'
import { Page } from '../components/page.tsx'

export function CrashPage(): ReactElement {
  return (
    <>
      <header className="site-header">
        <div className="frame">
          <Brand reload />
        </div>
      </header>
      <main>
        <div role="alert">
          <Page title="Something went wrong" lead="We are sorry. Your orders are not affected.">
            <Link className="button" to="/" reloadDocument>
              Start again
            </Link>
          </Page>
        </div>
      </main>
    </>
  )
}

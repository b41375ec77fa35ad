// The frame around every page.
import type { ReactElement } from 'react'
import { NavLink, Outlet, ScrollRestoration } from 'react-router'
import { Account } from './account.tsx'
import { Brand } from './brand.tsx'
import { Breakable } from './breakable.tsx'
import { SessionBanner } from './session-banner.tsx'
import { SessionEnding } from './session-ending.tsx'

export function SiteLayout(): ReactElement {
  return (
    <>
      <a className="skip-link" href="#main">
        Skip to the content
      </a>
      <header className="site-header">
        <div className="frame">
          <Brand />
          <nav className="site-nav" aria-label="Main">
            <NavLink to="/orders">Orders</NavLink>
            <NavLink to="/label">Label</NavLink>
            <NavLink to="/profile">Profile</NavLink>
          </nav>
          <div className="account">
            <Account />
          </div>
        </div>
      </header>
      <SessionBanner />
      <SessionEnding />
      <main id="main" tabIndex={-1}>
        <Outlet />
      </main>
      <footer className="site-footer">
        <div className="frame">
          <p>Nordlicht Coffee Roasters, Pier 4</p>
          <p>Open Tuesday to Saturday</p>
        </div>
      </footer>
      <Breakable />
      <ScrollRestoration />
    </>
  )
}

// Guards and hooks in a tree that React keeps hidden, where no effect runs: <Activity>, React 19.2 and later.
import { act, render, screen } from '@testing-library/react'
import { RequireSession, TokenHandlerProvider, useSession } from '@token-handler/react'
import * as React from 'react'
import { StrictMode, useEffect, useLayoutEffect } from 'react'
import type { ReactElement, ReactNode } from 'react'
import { describe, expect, test } from 'vitest'
import { createTestBed } from './setup.ts'

type Mode = 'visible' | 'hidden'

const isMissing = !('Activity' in React)

function Switch({ mode, children }: { readonly mode: Mode; readonly children: ReactNode }) {
  return <React.Activity mode={mode}>{children}</React.Activity>
}

/** Renders a guarded page in a tree that can be hidden, and keeps what ran and what was on the screen. */
async function openPage(isProviderHidden = false) {
  const bed = createTestBed('alice')
  const seen: string[] = []
  function Orders({ name }: { readonly name: string }): ReactElement {
    const selected = useSession((session) => 'claims' in session && session.claims.name)
    seen.push(`render ${name}, selected ${selected}`)
    useLayoutEffect(() => void seen.push(`layout effect ${name}`), [name])
    useEffect(() => void seen.push(`effect ${name}`), [name])
    return <p>orders of {name}</p>
  }
  const guarded = (
    <RequireSession fallback={<p>please sign in</p>}>
      {({ claims }) => <Orders name={claims.name} />}
    </RequireSession>
  )
  const provided = (node: ReactNode) => (
    <TokenHandlerProvider client={bed.client}>{node}</TokenHandlerProvider>
  )
  const page = (mode: Mode) =>
    isProviderHidden ? (
      <Switch mode={mode}>{provided(guarded)}</Switch>
    ) : (
      provided(<Switch mode={mode}>{guarded}</Switch>)
    )
  await bed.client.load()
  const view = render(page('visible'))
  await screen.findByText('orders of Alice')
  return {
    ...bed,
    seen,
    /** Without React's help for tests: what is on the screen with the very commit that shows the tree. */
    show(mode: Mode): void {
      view.rerender(page(mode))
    },
  }
}

describe.skipIf(isMissing).each([
  ['below the provider', false],
  ['with the provider inside', true],
])('in a hidden tree, %s,', (_, isProviderHidden) => {
  test('nothing of a user runs or is shown again after their sign-out', async () => {
    const { client, seen, show } = await openPage(isProviderHidden)
    show('hidden')
    seen.length = 0
    await act(() => client.logout())
    expect(document.body.textContent).toBe('please sign in')
    show('visible')
    expect(seen).toEqual([])
    expect(screen.getByText('please sign in')).toBeDefined()
  })

  test('the next user finds nothing of the last one', async () => {
    const { agent, client, seen, show } = await openPage(isProviderHidden)
    show('hidden')
    seen.length = 0
    agent.switchUser('bob')
    await act(() => client.session())
    show('visible')
    expect(screen.getByText('orders of Bob')).toBeDefined()
    expect(seen.join()).not.toContain('Alice')
    expect(seen).toContain('effect Bob')
  })
})

test.skipIf(isMissing)(
  'a tree that is hidden from the start knows the session of its day',
  async () => {
    const { client } = createTestBed('alice')
    await client.load()
    function Status(): ReactElement {
      return <p>{useSession((session) => session.status)}</p>
    }
    const page = (mode: Mode) => (
      <StrictMode>
        <TokenHandlerProvider client={client}>
          <Switch mode={mode}>
            <Status />
          </Switch>
        </TokenHandlerProvider>
      </StrictMode>
    )
    const { rerender, unmount } = render(page('hidden'))
    await act(() => client.logout())
    expect(document.body.textContent).toBe('unauthenticated')
    rerender(page('visible'))
    expect(document.body.textContent).toBe('unauthenticated')
    unmount()
  },
)

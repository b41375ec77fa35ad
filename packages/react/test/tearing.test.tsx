// What is on the screen at one time shows one session, also while React renders bit by bit.
import { act, render } from '@testing-library/react'
import { TokenHandlerProvider, useSession } from '@token-handler/react'
import type { Session } from '@token-handler/react'
import { startTransition, useLayoutEffect, useState } from 'react'
import type { ReactElement } from 'react'
import { expect, test } from 'vitest'
import { createTestClient } from '../src/testing/test-client.ts'
import './setup.ts'

const alice: Session = {
  status: 'authenticated',
  claims: { sub: 'alice', name: 'Alice' },
  stale: false,
}
const expired: Session = { status: 'unauthenticated', reason: 'expired' }

test('a session that ends in the middle of a render is never half on the screen', () => {
  const { client, setSession } = createTestClient(alice)
  const screens: string[] = []
  let whileRendering: (() => void) | undefined
  let showBoth = (): void => {}

  function Status(): ReactElement {
    return <p>{useSession().status}</p>
  }
  function EndsTheSession(): null {
    whileRendering?.()
    whileRendering = undefined
    return null
  }
  function Page(): ReactElement {
    const [isShown, setShown] = useState(false)
    showBoth = () => startTransition(() => setShown(true))
    useLayoutEffect(() => void screens.push(document.body.textContent))
    return isShown ? (
      <>
        <Status />
        <EndsTheSession />
        <Status />
      </>
    ) : (
      <p>nothing yet</p>
    )
  }

  render(
    <TokenHandlerProvider client={client}>
      <Page />
    </TokenHandlerProvider>,
  )
  whileRendering = () => setSession(expired)
  act(() => showBoth())
  expect(screens.at(-1)).toBe('unauthenticatedunauthenticated')
  expect(screens).not.toContain('authenticatedunauthenticated')
})

// The view of an error: it says what was seen to fail, and nothing that was not.
import { fireEvent, render, screen } from '@testing-library/react'
import { TokenHandlerError } from '@token-handler/client'
import { SessionError } from '@token-handler/react'
import { expect, test, vi } from 'vitest'
import './setup.ts'

const notFound = 'We could not find out whether you are signed in.'
const notSignedIn = 'The sign-in did not succeed.'

test.each([
  ['agent_unreachable', { operation: 'session' }, 'The sign-in service does not answer.'],
  ['agent_unreachable', { operation: 'startLogin' }, 'The sign-in service does not answer.'],
  [
    'agent_unreachable',
    { operation: 'session', status: 502 },
    'The sign-in service has trouble (502).',
  ],
  [
    'agent_unreachable',
    { operation: 'endLogin', status: 500 },
    'The sign-in service has trouble (500).',
  ],
  ['agent_configuration', { operation: 'session', status: 403 }, notFound],
  ['contract_violation', { operation: 'session', status: 200 }, notFound],
  ['agent_configuration', { operation: 'startLogin', status: 403 }, notSignedIn],
  ['login_failed', { operation: 'endLogin', status: 400 }, notSignedIn],
] as const)('%s with %o is said to be what it is', (code, members, text) => {
  render(<SessionError error={new TokenHandlerError(code, 'why', members)} retry={() => {}} />)
  const alert = screen.getByRole('alert')
  expect(alert.querySelector('p')?.textContent).toBe(text)
  expect(alert.textContent).toContain(`${code}: why`)
})

test('an error of another kind is a sign-in that did not succeed, to try again', () => {
  const retry = vi.fn<() => void>()
  render(<SessionError error={new TypeError('appState is not JSON')} retry={retry} />)
  expect(screen.getByRole('alert').textContent).toContain(notSignedIn)
  expect(screen.getByRole('alert').textContent).toContain('TypeError: appState is not JSON')
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
  expect(retry).toHaveBeenCalledOnce()
})

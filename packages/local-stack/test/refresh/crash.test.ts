// A process that dies after the authorization server has answered it, and before it has answered the
// browser. The other one gets the old cookies.
import { expect, it, onTestFinished } from 'vitest'
import { createBrowser } from '../../../reference-handler/test/support/browser.ts'
import { startProvider } from './providers.ts'
import type { Policy } from './providers.ts'
import { requestRefresh, signIn } from './rounds.ts'

it.each<[policy: Policy, outcome: object]>([
  ['rotation', { status: 401, body: { error_code: 'session_expired' } }],
  ['none', { status: 200 }],
  ['grace', { status: 200 }],
])(
  'a process dies in the midst of a refresh; refresh tokens: %s',
  async (policy, outcome) => {
    const provider = await startProvider(policy)
    onTestFinished(provider.stop)
    const [dying, other] = provider.processes
    const browser = createBrowser(dying.agent, () => {})
    await signIn(provider, browser)

    const isKeptBack = provider.keepBack()
    const lost = requestRefresh(browser).then(
      () => 'answered',
      () => 'not answered',
    )
    await isKeptBack
    await dying.kill()
    expect(await lost).toBe('not answered')

    const elsewhere = createBrowser(other.agent, () => {})
    for (const [name, value] of browser.cookies) elsewhere.cookies.set(name, value)
    expect(await elsewhere.post('/refresh')).toMatchObject(outcome)
  },
  60_000,
)

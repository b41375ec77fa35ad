// A page whose user is watched: signed out after ten seconds without activity, the last three counted down.
import { signOutWhenIdle } from '../../src/session-watch.ts'
import type { IdleOptions } from '../../src/session-watch.ts'
import { signedOut } from './fake-agent.ts'
import { createFakeBrowser } from './fake-browser.ts'
import { settle } from './gate.ts'
import { openSignedInPage } from './page.ts'
import type { Page } from './page.ts'

export interface IdleWatch {
  /** What the countdown has said so far. */
  readonly told: (number | undefined)[]
  readonly stop: () => void
  /** The user does something on the page. */
  readonly act: () => void
}

export function watchIdle(page: Page, more: Partial<IdleOptions> = {}): IdleWatch {
  const told: (number | undefined)[] = []
  let act = () => {}
  const stop = signOutWhenIdle(page.client, {
    after: 10,
    countdownFrom: 3,
    onCountdown: (left) => told.push(left),
    platform: {
      ...page.tab.platform,
      onUserActivity(listener) {
        act = listener
        return () => {
          act = () => {}
        }
      },
    },
    ...more,
  })
  return { told, stop, act: () => act() }
}

export async function letSecondsPass({ tab }: Page, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    tab.advance(1000)
    await settle()
  }
}

/** Two tabs of a signed-in user. */
export async function openTwoTabs(): Promise<{ one: Page; other: Page }> {
  const one = await openSignedInPage({}, createFakeBrowser({ channel: true }))
  const other = one.openTab()
  await other.client.load()
  one.agent.answer('logout', () => {
    one.agent.answer('session', signedOut)
    return { json: {} }
  })
  return { one, other }
}

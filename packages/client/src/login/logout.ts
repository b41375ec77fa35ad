// Signing out: at the agent, in every tab, and at the authorization server.
import { isHttpUrl } from '@token-handler/contract'
import type { AgentClient } from '../agent/agent-client.ts'
import type { Platform } from '../platform/platform.ts'
import type { LogoutOptions, TokenHandlerClient } from '../token-handler-client.ts'
import type { RecordEvent } from '../session/record-event.ts'
import { hasEnded } from '../tabs/tab-messages.ts'
import type { Navigation } from './navigation.ts'
import type { SessionLock } from '../refresh/session-lock.ts'
import type { Tabs } from '../tabs/tabs.ts'

export interface LogoutParts {
  readonly tabs: Tabs
  readonly agent: AgentClient
  readonly recordEvent: RecordEvent<never>
  readonly withLock: SessionLock
  readonly navigation: Navigation
  readonly platform: Pick<Platform, 'isTopLevel'>
}

/** Makes the client's `logout`. */
export function createLogout({
  tabs,
  agent,
  recordEvent,
  withLock,
  navigation,
  platform,
}: LogoutParts): TokenHandlerClient<unknown>['logout'] {
  let signingOut: Promise<void> | undefined
  let departure: Promise<never> | undefined
  /** What all callers of the sign-out in flight have asked for. */
  let isForced = false
  let isLocal = true

  /** Signs out. Returns where to leave for then, if anywhere. */
  async function signOut(parameters: LogoutOptions['parameters']): Promise<string | undefined> {
    const outcome = await withLock('logout', async () => {
      const wasSignedOut = hasEnded(tabs.latest())
      // Written first: no refresh begins from here on, even if this page dies.
      if (!wasSignedOut) tabs.publish('signing-out')
      const answer = await agent.call('logout', { parameters: new URLSearchParams(parameters) })
      const isDone = answer.kind === 'success' || answer.means === 'no-session'
      if (isDone || !wasSignedOut) tabs.publish(isDone ? 'signed-out' : 'not-signed-out')
      return { answer, isDone }
    })
    const { answer, isDone } = outcome
    if (answer.kind === 'failure' && !isDone && !isForced) throw answer.error
    recordEvent({ type: 'signed-out', origin: 'this-tab' })
    if (answer.kind === 'failure' || isLocal || !platform.isTopLevel()) return undefined
    const { logoutUrl } = answer.result
    // A profile's decoder has checked this too, but it is the app's to choose.
    return logoutUrl !== undefined && isHttpUrl(logoutUrl) ? logoutUrl : undefined
  }

  async function start({ parameters, replace }: LogoutOptions): Promise<void> {
    try {
      const url = await signOut(parameters)
      if (url !== undefined) departure = navigation.leaveFor(url, replace)
    } finally {
      signingOut = undefined
      isForced = false
      isLocal = true
    }
  }

  return (options = {}) => {
    // One at a time: a second one would have no session, and so no `id_token_hint` to leave with.
    if (departure && departure === navigation.departure()) return Promise.resolve()
    isForced ||= options.force ?? false
    isLocal &&= options.local ?? false
    signingOut ??= navigation.prepare(start(options))
    return signingOut
  }
}

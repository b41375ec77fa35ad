// Signing out: at the agent, in every tab, and at the authorization server.
import { isHttpUrl } from '@token-handler/contract'
import type { AgentClient } from '../agent/agent-client.ts'
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
}

/** Makes the client's `logout`. */
export function createLogout({
  tabs,
  agent,
  recordEvent,
  withLock,
  navigation,
}: LogoutParts): TokenHandlerClient<unknown>['logout'] {
  async function signOut({
    force = false,
    local = false,
    parameters,
    replace,
  }: LogoutOptions = {}): Promise<void> {
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
    if (answer.kind === 'failure' && !isDone && !force) throw answer.error
    recordEvent({ type: 'signed-out', origin: 'this-tab' })
    if (answer.kind === 'failure' || local) return
    const { logoutUrl } = answer.result
    // A profile's decoder has checked this too, but it is the app's to choose.
    if (logoutUrl !== undefined && isHttpUrl(logoutUrl))
      void navigation.leaveFor(logoutUrl, replace)
  }

  return (options) => navigation.prepare(signOut(options))
}

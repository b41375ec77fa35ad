// Loading a client for the trees below providers, however often they are mounted.
import type { LoadResult } from '@token-handler/client'
import { readSession } from './read-session.ts'
import type { RegisteredClaims, RegisteredClient } from './register.ts'

/** What is called with where the user wanted to be, when a page load has ended a sign-in. */
export type OnReturn = (returnTo: string, appState: unknown) => void

const loaded = new WeakSet<RegisteredClient>()
const returned = new WeakSet<LoadResult<RegisteredClaims>>()

/**
 * Loads the client for the first provider that is mounted with it. An error that is known already stays
 * where it is until the user acts: another `load()` would try again, and show something else meanwhile.
 *
 * @param onReturn - called once for each sign-in that ended
 */
export async function loadOnce(client: RegisteredClient, onReturn: OnReturn): Promise<void> {
  if (loaded.has(client) || client.getSnapshot().status === 'error') return
  loaded.add(client)
  // Rejects only when the client was disposed: then there is nothing to show, and nowhere to go.
  const result = await client.load().catch(() => undefined)
  if (result === undefined) return
  // Reading notes that the client has known something, also when no hook below reads.
  readSession(client, { status: 'loading' })
  if (result.returnTo === undefined || returned.has(result)) return
  returned.add(result)
  onReturn(result.returnTo, result.appState)
}

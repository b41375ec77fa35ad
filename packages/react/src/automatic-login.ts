// The sign-in that a guard starts by itself: once in a tab, until there was a session.
import type { RegisteredClient } from './register.ts'

// In the tab's storage, for each agent: what the user has decided against on the page before, the next one does not begin again.
const keyOf = (client: RegisteredClient) =>
  `token-handler:${String(Reflect.get(client, Symbol.for('@token-handler/client/agent')))}:automaticLogin`

/** On this page. */
const noted = new WeakSet<RegisteredClient>()
const ofTests = new WeakSet<RegisteredClient>()

/** Storage that is blocked or full, or that there is none of, holds nothing. */
function inStorage<T>(client: RegisteredClient, use: (storage: Storage) => T): T | undefined {
  try {
    return ofTests.has(client) ? undefined : use(sessionStorage)
  } catch {
    return undefined
  }
}

/** From now on no guard of this tab leaves by itself. */
function note(client: RegisteredClient): void {
  noted.add(client)
  inStorage(client, (storage) => storage.setItem(keyOf(client), 'done'))
}

function forget(client: RegisteredClient): void {
  noted.delete(client)
  inStorage(client, (storage) => storage.removeItem(keyOf(client)))
}

/** Keeps nothing of this client in storage: the next test is another tab. */
export const forgetWithPage = (client: RegisteredClient): unknown => ofTests.add(client)

/**
 * Follows what makes the answer of {@link mayLeave} another one: a session, after which a guard may sign in again,
 * and a sign-out, after which it may not. Returns what ends it.
 */
export function followSession(client: RegisteredClient): () => void {
  if (client.getSnapshot().status === 'authenticated') forget(client)
  const stops = [
    client.on('sessionStarted', () => forget(client)),
    client.on('signedOut', () => note(client)),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}

/**
 * Whether a guard may leave for a sign-in by itself. If so, that was it. Where storage keeps nothing it may not: the page
 * that the browser comes back to would leave again, and so for ever.
 */
export function mayLeave(client: RegisteredClient): boolean {
  // With what is under way already: it is no other sign-in, and may be a silent one, which asks nobody.
  if (client.isLeaving()) return true
  const isStored = () => inStorage(client, (storage) => storage.getItem(keyOf(client))) === 'done'
  if (noted.has(client) || isStored()) return false
  note(client)
  return isStored() || ofTests.has(client)
}

/** Calls back once the page is shown: what a prerendered one stores is lost. Returns what prevents it. */
export function whenActivated(callback: () => void): () => void {
  const isPrerendering = 'prerendering' in document && document.prerendering === true
  if (!isPrerendering) {
    callback()
    return () => {}
  }
  document.addEventListener('prerenderingchange', callback, { once: true })
  return () => document.removeEventListener('prerenderingchange', callback)
}

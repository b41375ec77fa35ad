// What hooks show of a client: its session, and until it has one, what the server found out.
import type { RegisteredClient, Session } from './register.ts'

/** A session that is known. */
export type KnownSession = Exclude<Session, { readonly status: 'loading' }>

/** The session to render. */
export function readSession(client: RegisteredClient, initialSession: Session): Session {
  const session = client.getSnapshot()
  return session.status === 'loading' ? initialSession : session
}

const lastKnown = new WeakMap<RegisteredClient, KnownSession>()

/** As {@link readSession}, but once a session was known it stays until the next one is. */
export function readKnownSession(client: RegisteredClient, initialSession: Session): Session {
  const session = readSession(client, initialSession)
  if (session.status === 'loading') return lastKnown.get(client) ?? session
  lastKnown.set(client, session)
  return session
}

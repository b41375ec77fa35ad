// What hooks show of a client: its session, and until it has one, what the server found out.
import type { RegisteredClient, Session } from './register.ts'

/** A session that is known. */
export type KnownSession = Exclude<Session, { readonly status: 'loading' }>

const lastKnown = new WeakMap<RegisteredClient, KnownSession>()

/**
 * The session to render. From the first thing that a client knew, an error for instance, what the server
 * found out is out of date: while it tries again, nobody is shown as signed in.
 */
export function readSession(client: RegisteredClient, initialSession: Session): Session {
  const session = client.getSnapshot()
  if (session.status !== 'loading') lastKnown.set(client, session)
  else if (!lastKnown.has(client)) return initialSession
  return session
}

/**
 * As {@link readSession}, but once a session was known it stays until the next one is. Not that of a signed-in
 * user: it is unknown again only because another user has taken their place.
 */
export function readKnownSession(client: RegisteredClient, initialSession: Session): Session {
  const session = readSession(client, initialSession)
  if (session.status !== 'loading') return session
  const known = lastKnown.get(client)
  return known === undefined || known.status === 'authenticated' ? session : known
}

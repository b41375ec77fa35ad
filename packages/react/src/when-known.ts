// Waiting for a session that is known, also when it has become unknown again after `load()`.
import type { Session, TokenHandlerClient } from '@token-handler/client'

type Known<C> = Exclude<Session<C>, { readonly status: 'loading' }>

/**
 * Loads the client and resolves with its session once that is known. After `load()` it is `loading` again when
 * another user has signed in since, until the agent has said who: `load()` is done, so only a change of the
 * session tells.
 *
 * @throws {TokenHandlerError} `client_disposed`
 */
export async function whenKnown<C>(client: TokenHandlerClient<C>): Promise<Known<C>> {
  let { session } = await client.load()
  while (session.status === 'loading') {
    await new Promise<void>((resolve) => {
      const stop = client.subscribe(() => {
        stop()
        resolve()
      })
    })
    session = client.getSnapshot()
  }
  return session
}

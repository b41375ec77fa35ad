// The client of a provider that was given none: one for each agent on the page, until its last provider is gone.
import { createTokenHandlerClient } from '@token-handler/client'
import type { TokenHandlerClientOptions } from '@token-handler/client'
import type { RegisteredClaims, RegisteredClient } from './register.ts'

/** Options of the client that a provider makes: as of `createTokenHandlerClient`. */
export type OwnClientOptions = TokenHandlerClientOptions<RegisteredClaims>

interface OwnClient {
  readonly client: RegisteredClient
  /** How many providers on the page use it. */
  owners: number
  /** Ends it, while that is due: its last provider has just gone. */
  end?: (() => void) | undefined
}

// React may render a tree several times before it is on the page, or never: what is made while rendering has
// to be found again.
const onThisPage = new Map<string, OwnClient>()

/** Makes the client of these options, or gives the one that the page has for this agent and app. */
export function findOwnClient(options: OwnClientOptions = {}): RegisteredClient {
  const make = (): RegisteredClient => createTokenHandlerClient(options as never)
  // On a server each request has a client of its own, which does nothing there.
  if (typeof document === 'undefined') return make()
  const key = `${options.agentUrl} ${options.basePath}`
  // A provider that is rendered after the last one has gone begins anew.
  onThisPage.get(key)?.end?.()
  const found = onThisPage.get(key) ?? { client: make(), owners: 0 }
  onThisPage.set(key, found)
  return found.client
}

/** A provider with this client is on the page. Returns what says that it is gone; the last one ends the client. */
export function holdOwnClient(client: RegisteredClient): () => void {
  const entry = [...onThisPage].find(([, own]) => own.client === client)
  if (!entry) return () => {}
  const [key, own] = entry
  own.owners += 1
  own.end = undefined
  return () => {
    own.owners -= 1
    if (own.owners > 0) return
    own.end = () => {
      own.end = undefined
      onThisPage.delete(key)
      client.dispose()
    }
    // Of a provider that takes this one's place in the same commit, React tells after this.
    queueMicrotask(() => own.end?.())
  }
}

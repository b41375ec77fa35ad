// What the provider hands down, and what a hook says when there is no provider.
import { createContext, useContext } from 'react'
import type { RegisteredClient, Session } from './register.ts'

/** The client of a subtree and the session to show until that client knows better. */
export interface TokenHandlerContextValue {
  readonly client: RegisteredClient
  readonly initialSession: Session
}

/**
 * Thrown by a hook or guard that is rendered outside a `TokenHandlerProvider`, or below one of another copy
 * of this package: two bundles that do not share it, for instance with Module Federation.
 */
export class MissingProviderError extends Error {
  override readonly name = 'MissingProviderError'

  constructor(hook: string) {
    super(
      `${hook} needs a <TokenHandlerProvider client={…}> above it in the tree. If there is one, it is of ` +
        'another copy of @token-handler/react: bundle the package once, or share it as a singleton.',
    )
  }
}

export const TokenHandlerContext = createContext<TokenHandlerContextValue | undefined>(undefined)

/** Reads the context on behalf of a hook; the name is for the error only. */
export function useTokenHandlerContext(hook: string): TokenHandlerContextValue {
  const value = useContext(TokenHandlerContext)
  if (value === undefined) throw new MissingProviderError(hook)
  return value
}

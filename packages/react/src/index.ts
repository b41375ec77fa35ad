// React provider and hooks for the token handler client.
export { MissingProviderError } from './context.ts'
export type { KnownSession } from './read-session.ts'
export type {
  AuthenticatedSession,
  Register,
  RegisteredClaims,
  RegisteredClient,
  Session,
} from './register.ts'
export { ensureSession } from './ensure-session.ts'
export type { EnsureSessionOptions } from './ensure-session.ts'
export { RequireSession } from './require-session.tsx'
export type { RequireSessionProps } from './require-session.tsx'
export { TokenHandlerProvider } from './token-handler-provider.tsx'
export type { TokenHandlerProviderProps } from './token-handler-provider.tsx'
export { useSession } from './use-session.ts'
export { useSuspenseSession } from './use-suspense-session.ts'
export { useTokenHandler } from './use-token-handler.ts'

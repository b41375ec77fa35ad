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
export type { OnReturn } from './load-once.ts'
export type { OwnClientOptions } from './own-client.ts'
export { RequireSession } from './require-session.tsx'
export type { RequireSessionProps } from './require-session.tsx'
export { SessionError } from './session-error.tsx'
export type { SessionErrorProps } from './session-error.tsx'
export { TokenHandlerProvider } from './token-handler-provider.tsx'
export type { TokenHandlerProviderProps } from './token-handler-provider.tsx'
export type { Departure } from './use-departure.ts'
export { useLogin } from './use-login.ts'
export type { Login } from './use-login.ts'
export { useLogout } from './use-logout.ts'
export type { Logout } from './use-logout.ts'
export { useSession } from './use-session.ts'
export { useSuspenseSession } from './use-suspense-session.ts'
export { useTokenHandler } from './use-token-handler.ts'
export type { WithoutSessionProps } from './without-session.tsx'

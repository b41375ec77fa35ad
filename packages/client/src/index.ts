// The browser SDK.
export { createTokenHandlerClient } from './create-client.ts'
export { isTokenHandlerError, TokenHandlerError } from './errors.ts'
export type { TokenHandlerErrorCode, TokenHandlerErrorOptions } from './errors.ts'
export type { ApiRequestInit } from './fetch/read-init.ts'
export type { SessionFetch } from './fetch/session-fetch.ts'
export type { Fetch, KeyValueStore, Platform } from './platform/platform.ts'
export type {
  AuthenticatedSession,
  ErrorSession,
  LoadingSession,
  Session,
  UnauthenticatedReason,
  UnauthenticatedSession,
} from './session/session.ts'
export type {
  LoadResult,
  LoginOptions,
  LogoutOptions,
  TokenHandlerClient,
  TokenHandlerEvents,
} from './token-handler-client.ts'
export type { TabMessageType, TraceDetail, TraceStep } from './trace.ts'
export type { Claims, ClientProfile, Operation } from '@token-handler/contract'
export type { TokenHandlerClientOptions } from './options.ts'

// The wire of the token handler pattern.
export { endpoints, operations } from './endpoints.ts'
export type { Endpoint, Operation } from './endpoints.ts'
export { deviceBindingHeaders, deviceBindingPaths } from './device-binding.ts'
export {
  cookieName,
  DEFAULT_COOKIE_PREFIX,
  FORM_CONTENT_TYPE,
  JSON_CONTENT_TYPE,
  VERSION,
  VERSION_HEADER,
} from './protocol.ts'
export type { CookieRole } from './protocol.ts'
export { agentErrorStatus, errorPage, proxyErrorStatus } from './error.ts'
export type { AgentErrorCode, ProxyErrorCode, WireError } from './error.ts'
export { isHttpUrl, isOrigin } from './http-url.ts'
export {
  authorizationResponseParameters,
  recognizeAuthorizationResponse,
} from './authorization-response.ts'
export type { AuthorizationResponseKind } from './authorization-response.ts'
export type {
  Claims,
  LogoutResult,
  OperationResults,
  RefreshResult,
  SessionResult,
  StartLoginResult,
} from './results.ts'
export type {
  AgentAnswer,
  AgentRequest,
  ClientProfile,
  OperationInput,
  ProfileConnection,
  ServerProfile,
} from './profiles/profile.ts'
export { tokenHandler1 } from './profiles/token-handler-1.ts'
export { tokenHandler1Server } from './profiles/token-handler-1-server.ts'
export type {
  ErrorResponse,
  LogoutResponse,
  RefreshResponse,
  SessionResponse,
  StartLoginResponse,
} from './schemas.ts'

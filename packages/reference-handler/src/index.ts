// The OAuth Agent and the OAuth Proxy for any host: a Fetch handler, and a decision about a request.
export { createOAuthAgent } from './agent/oauth-agent.ts'
export type { OAuthAgent } from './agent/oauth-agent.ts'
export type { RequestSender } from './agent/rate-limits.ts'
export { createInProcessRefreshCoordinator } from './agent/in-process-refresh-coordinator.ts'
export { isLatecomer } from './agent/latecomer.ts'
export type {
  OverdueRenewal,
  RefreshableSession,
  RefreshCoordinator,
  Renew,
  Renewal,
  RenewalResult,
} from './agent/refresh-coordinator.ts'
export { createSessionReader } from './agent/read-session.ts'
export type { ReadableSession, ReadSession, ReadSessionPorts } from './agent/read-session.ts'
export type { DeviceBindingEvent } from './agent/device-binding/events.ts'
export { endUserSessions } from './agent/end-user-sessions.ts'
export type { EndingStore } from './store/ending-store.ts'
export type { SessionStore } from './store/session-store.ts'
export type { RateStore } from './store/rate-store.ts'
export { createOAuthProxy } from './proxy/oauth-proxy.ts'
export type { OAuthProxy, ProxyRequest } from './proxy/oauth-proxy.ts'
export { answerDecision } from './proxy/decision.ts'
export type { Forward, Preflight, ProxyDecision, Refusal, Tunnel } from './proxy/decision.ts'
export type { Begun, LockWish, Outcome, RefreshStore } from './store/refresh-store.ts'
export type { SharedStore, StoreCall } from './store/shared-store.ts'
export type { StoreCrypto } from './store/store-crypto.ts'
export { createSealer } from './sealing/jwe-sealer.ts'
export type { CreateSealer, Sealer, SealerOptions } from './sealing/sealer.ts'
export { parseConfiguration } from './configuration/parse.ts'
export { parseTenants } from './configuration/tenants.ts'
export type { TenantsConfiguration } from './configuration/tenants.ts'
export { createTenants } from './tenants/tenant-handlers.ts'
export type { Tenant, TenantPlace } from './configuration/tenant.ts'
export type { TenantHandlers } from './tenants/tenant-handlers.ts'
export { createTenantSelector } from './tenants/tenant-selector.ts'
export type { TenantSelector } from './tenants/tenant-selector.ts'
export { ConfigurationError } from './configuration/configuration-error.ts'
export type { Mistake } from './configuration/configuration-error.ts'
export type { Configuration, ConfigurationInput } from './configuration/schema.ts'
export { openTelemetryTrace } from './open-telemetry.ts'
export type { OpenTelemetryApi } from './open-telemetry.ts'
export type {
  ActiveSpan,
  Fetch,
  FetchInit,
  Log,
  Ports,
  Schedule,
  SpanAttributes,
  SpanOptions,
  Trace,
  WholeAnswer,
} from './ports.ts'

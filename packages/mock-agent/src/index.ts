// Mock OAuth Agent and OAuth Proxy for frontend tests.
export { createMockAgent } from './create-mock-agent.ts'
export type { LoginAnswer, MockAgent } from './create-mock-agent.ts'
export type { Failure } from './failures.ts'
export type { MockCall } from './handle.ts'
export type { Fetch } from './mock-fetch.ts'
export type { MockAgentOptions } from './options.ts'
export type { ApiCall, ApiResolver } from './protect.ts'
export type { MockUsers, UserClaims, UserName } from './users.ts'

// Mock OAuth Agent and OAuth Proxy for frontend tests.
export type { MockCall } from './controls/call-log.ts'
export type { HeldAnswer, Times } from './controls/scripted-answers.ts'
export type { MockFailure } from './controls/failure-response.ts'
export { createMockAgent } from './create-mock-agent.ts'
export type { LoginAnswer, MockAgent, MockCookie } from './mock-agent.ts'
export type { Fetch } from './mock-fetch.ts'
export type { MockAgentOptions, MockStorage } from './options.ts'
export type { ApiCall, ApiRequirements, ApiResolver } from './protect.ts'
export type { MockUsers, UserClaims, UserName } from './users.ts'
export type {
  MockAnswer,
  MockCaller,
  MockDemand,
  MockEndpoint,
  MockError,
  MockProfile,
} from './wire/profile.ts'

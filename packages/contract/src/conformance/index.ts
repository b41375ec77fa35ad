// The conformance suite: the protocol as cases, for any agent and proxy.
export { createUserBrowser } from './browser.ts'
export type { Exchange, Page, UserBrowser } from './browser.ts'
export type { CaseContext, ConformanceCase } from './case.ts'
export { ConformanceFailure } from './failure.ts'
export { conformanceCases, runCase } from './run.ts'
export type { CaseOutcome } from './run.ts'
export type { Cookie, RefusedCookie } from './set-cookie.ts'
export type { AuthenticateOptions, Capability, EchoedRequest, Subject } from './subject.ts'

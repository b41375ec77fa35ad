// The names of the steps that every authorization server goes through, in their order.

/** What is tried at every server; steps.ts has what each of them does. */
export const stepIds = [
  'discovery',
  'sign-in',
  'claims',
  'silent-sign-in',
  'api-call',
  'secret-in-header',
  'secret-in-body',
  'refresh-twice',
  'ten-refreshes-at-once',
  'old-refresh-token',
  'access-token-expiry',
  'session-end',
  'unknown-refresh-token',
  'sign-out',
  'sign-out-at-server',
  'wrong-secret',
  'code-twice',
] as const

/** The name of a step. */
export type StepId = (typeof stepIds)[number]

// What becomes of device binding, for metrics: names that say nothing about anybody.

/**
 * `registered` and `not_registered`: a browser wanted to bind a session. `proved`, `challenged` and `ended`: it came for
 * another bound cookie, and got it, was asked to sign, or was told that there is nothing to prove any more. `skipped` and
 * `refused`: a request for the session, or a refresh, came without a proof, with and without a reason.
 */
export const deviceBindingEvents = [
  'registered',
  'not_registered',
  'proved',
  'challenged',
  'ended',
  'skipped',
  'refused',
] as const

/** One of {@link deviceBindingEvents}. */
export type DeviceBindingEvent = (typeof deviceBindingEvents)[number]

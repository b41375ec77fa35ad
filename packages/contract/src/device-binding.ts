// Device Bound Session Credentials: what browser and agent say to each other besides the operations. Experimental.

/**
 * Where the browser itself, and no page, sends its proofs; appended to the agent's URL. Both are POST without a body.
 *
 * @see {@link https://w3c.github.io/webappsec-dbsc/ Device Bound Session Credentials}
 */
export const deviceBindingPaths = {
  register: '/dbsc/register',
  refresh: '/dbsc/refresh',
} as const

/**
 * The headers: the agent offers a registration and sets challenges; the browser answers with proofs, names its session,
 * or says why it sends a request without a proof.
 */
export const deviceBindingHeaders = {
  registration: 'secure-session-registration',
  challenge: 'secure-session-challenge',
  response: 'secure-session-response',
  id: 'sec-secure-session-id',
  skipped: 'secure-session-skipped',
} as const

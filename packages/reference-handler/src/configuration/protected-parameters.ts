// The parameters of authorization requests that only the agent sets.

/** They protect the request, decide where tokens go, or prove who the client is. */
const protectedParameters: ReadonlySet<string> = new Set([
  'client_assertion',
  'client_assertion_type',
  'client_id',
  'client_secret',
  'code_challenge',
  'code_challenge_method',
  'dpop_jkt',
  'nonce',
  'redirect_uri',
  'request',
  'request_uri',
  'response_mode',
  'response_type',
  'scope',
  'state',
])

/** Whether a parameter is none that an SPA may send, allow-list or not. */
export function isProtectedParameter(name: string): boolean {
  return protectedParameters.has(name)
}

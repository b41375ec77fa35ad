// What the mock authorization server gives a browser to take to the agent: codes, and signed responses. Pure.
import type { MockUsers } from '../users.ts'
import type { Authentication, AuthorizationServer } from './state.ts'

/** Issues the code of one login. */
export function issueCode<U extends MockUsers>(
  server: AuthorizationServer<U>,
  state: string,
  authentication: Authentication<U>,
): { readonly server: AuthorizationServer<U>; readonly code: string } {
  const issued = server.issued + 1
  const code = `mock-code-${issued}`
  const codes = [...server.codes, { code, state, authentication }]
  return { server: { ...server, issued, codes }, code }
}

const base64Url = (text: string): string =>
  btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')

/**
 * Signs a response: it looks like a JWT, and is good because the server knows that it issued it.
 *
 * @see {@link https://openid.net/specs/oauth-v2-jarm.html#section-2.1 JARM section 2.1}
 */
export function signResponse<U extends MockUsers>(
  server: AuthorizationServer<U>,
  parameters: Readonly<Record<string, string>>,
): { readonly server: AuthorizationServer<U>; readonly response: string } {
  const issued = server.issued + 1
  const parts = [JSON.stringify({ alg: 'mock' }), JSON.stringify(parameters), `signature ${issued}`]
  const response = parts.map(base64Url).join('.')
  const signed = { response, query: new URLSearchParams(parameters).toString() }
  return { server: { ...server, issued, responses: [...server.responses, signed] }, response }
}

/**
 * Redeems a code, once. `authentication` is `undefined` when there is no such code for this login.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2 RFC 6749 section 4.1.2}
 */
export function redeemCode<U extends MockUsers>(
  server: AuthorizationServer<U>,
  code: string | null,
  state: string,
): {
  readonly server: AuthorizationServer<U>
  readonly authentication: Authentication<U> | undefined
} {
  const found = server.codes.find((issued) => issued.code === code && issued.state === state)
  const codes = server.codes.filter((issued) => issued !== found)
  return { server: { ...server, codes }, authentication: found?.authentication }
}

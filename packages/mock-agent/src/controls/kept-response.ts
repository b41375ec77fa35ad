// A page that asks for the session while an authorization response is still in its address bar: the client
// takes a page for its callback that the mock does not redirect to, and would stay silent about it.
import type { LoginCookie } from '../agent/cookies.ts'
import type { AuthorizationServer } from '../authorization-server/state.ts'
import type { Settings } from '../options.ts'

/** The URL in the address bar, where the mock runs in the page or beside it. */
export const currentPageUrl = (): string | undefined =>
  'location' in globalThis ? globalThis.location.href : undefined

/** Whether the URL has the response of a sign-in that this browser has started and not ended. */
function hasKeptResponse(
  { searchParams }: URL,
  { responses }: Pick<AuthorizationServer<never>, 'responses'>,
  logins: readonly LoginCookie[],
): boolean {
  const signed = responses.find(({ response }) => response === searchParams.get('response'))
  const parameters = signed ? new URLSearchParams(signed.query) : searchParams
  const isResponse = parameters.has('code') || parameters.has('error')
  return isResponse && logins.some(({ state }) => state === parameters.get('state'))
}

/**
 * What to say about a page; `undefined` when it has no response of this mock that could still be used.
 *
 * @param pageUrl - in the address bar of the page that asks
 * @param logins - of the browser that asks
 */
export function explainKeptResponse(
  pageUrl: string | undefined,
  server: Pick<AuthorizationServer<never>, 'responses'>,
  logins: readonly LoginCookie[],
  { redirectUri }: Pick<Settings, 'redirectUri'>,
): string | undefined {
  if (pageUrl === undefined || !URL.canParse(pageUrl)) return undefined
  const url = new URL(pageUrl)
  if (!hasKeptResponse(url, server, logins)) return undefined
  return (
    `The client did not end the sign-in on ${url.pathname}, although the authorization response is there: the mock ` +
    `agent redirects to ${redirectUri}, and the client has another callbackPath, or has not started this sign-in. ` +
    'Give createMockAgent the option redirectUri with the path that the client has as callbackPath.'
  )
}

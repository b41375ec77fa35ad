// A page that asks for the session while an authorization response is still in its address bar: the client
// takes a page for its callback that the mock does not redirect to, and would stay silent about it.
import type { AuthorizationServer } from '../authorization-server/state.ts'
import type { Settings } from '../options.ts'
import type { MockUsers } from '../users.ts'

/** The URL in the address bar, where the mock runs in the page or beside it. */
export const currentPageUrl = (): string | undefined =>
  'location' in globalThis ? globalThis.location.href : undefined

/**
 * What to say about a page; `undefined` when it has no response of this mock that could still be used.
 *
 * @param pageUrl - in the address bar of the page that asks
 */
export function explainKeptResponse<U extends MockUsers>(
  pageUrl: string | undefined,
  { codes, responses }: AuthorizationServer<U>,
  { redirectUri }: Pick<Settings, 'redirectUri'>,
): string | undefined {
  if (pageUrl === undefined || !URL.canParse(pageUrl)) return undefined
  const { pathname, searchParams } = new URL(pageUrl)
  const isKept =
    codes.some(({ code }) => code === searchParams.get('code')) ||
    responses.some(({ response }) => response === searchParams.get('response'))
  if (!isKept) return undefined
  return (
    `The client did not end the sign-in on ${pathname}, although the authorization response is there: the mock ` +
    `agent redirects to ${redirectUri}, and the client has another callbackPath, or has not started this sign-in. ` +
    'Give createMockAgent the option redirectUri with the path that the client has as callbackPath.'
  )
}

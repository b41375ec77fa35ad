// The steps that stories are told with: what a user does, and what the answers must look like.
import type { Operation } from '@token-handler/contract'
import { endpoints } from '@token-handler/contract'
import { cookieName, VERSION, VERSION_HEADER } from '@token-handler/contract'
import type { CookieRole } from '@token-handler/contract'
import { tokenHandler1 } from '@token-handler/contract'
import type { OperationResults } from '@token-handler/contract'
import type { Page, UserBrowser } from './browser.ts'
import type { CaseContext } from './case.ts'
import { check, checkEqual } from './failure.ts'
import type { Cookie } from './set-cookie.ts'
import type { AuthenticateOptions, Subject } from './subject.ts'

/** The header that agent and proxy want to see. */
export const versionHeader = { [VERSION_HEADER]: VERSION }

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Requires an operation to succeed with a body as the profile says, and decodes it. */
export async function readResult<O extends Operation>(
  operation: O,
  response: Response,
): Promise<OperationResults[O]> {
  const text = await response.text()
  check(response.status === 200, `${operation} answers ${response.status}: ${text}`)
  const result = tokenHandler1.decodeResult(operation, parseJson(text))
  check(result !== undefined, `${operation} answers 200 with a body off the contract: ${text}`)
  return result
}

/**
 * Requires a `Bearer` challenge with at least one parameter.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6750#section-3 RFC 6750 section 3}
 */
export function checkChallenge(challenge: string): void {
  check(/^Bearer\b/i.test(challenge), 'WWW-Authenticate is not a Bearer challenge')
  check(/^Bearer +[\w!#$%&'*+.^`|~-]+ *=/i.test(challenge), 'the Bearer challenge has no parameter')
}

/** Requires a refusal: the status, and the documented JSON error with its code. */
export async function checkRefusal(
  response: Response,
  status: number,
  code: string,
): Promise<void> {
  const text = await response.text()
  checkEqual(response.status, status, 'status')
  const error = tokenHandler1.decodeError(parseJson(text))
  check(error !== undefined, `the error body is off the contract: ${text}`)
  checkEqual(error.code, code, 'error_code')
}

/** Calls an operation and requires it to succeed. */
export async function perform<O extends Operation>(
  page: Page,
  operation: O,
  parameters?: URLSearchParams,
): Promise<OperationResults[O]> {
  return readResult(operation, await page.call(operation, parameters))
}

/** Calls an operation and requires it to be refused. */
export async function performRefused(
  page: Page,
  operation: Operation,
  status: number,
  code: string,
  parameters?: URLSearchParams,
): Promise<void> {
  await checkRefusal(await page.call(operation, parameters), status, code)
}

/** Requires somebody, or nobody, to be signed in. */
export async function checkSignedIn(page: Page, expected: boolean): Promise<void> {
  const { isLoggedIn } = await perform(page, 'session')
  checkEqual(isLoggedIn, expected, 'is_logged_in')
}

/** Starts a login and lets the user act at the authorization server. Gives the callback's parameters. */
export async function authenticate(
  { subject }: CaseContext,
  page: Page,
  options?: AuthenticateOptions,
): Promise<URLSearchParams> {
  const { authorizationUrl } = await perform(page, 'startLogin')
  return new URL(await subject.authenticate(authorizationUrl, options)).searchParams
}

/** Opens the SPA and signs a user in. */
export async function signIn(
  context: CaseContext,
  browser: UserBrowser = context.browser,
  user: 'first' | 'second' = 'first',
): Promise<Page> {
  const page = browser.open(context.subject.origin)
  const session = await perform(page, 'endLogin', await authenticate(context, page, { user }))
  check(session.isLoggedIn, 'the login ended with is_logged_in: false')
  return page
}

/** Calls the API as the SPA does. */
export const callApi = (page: Page, { apiUrl }: Subject): Promise<Response> =>
  page.fetch(apiUrl, { credentials: 'include', headers: versionHeader })

/** URL and method of an operation, for requests that no profile would make. */
export function target(
  { agentUrl }: Subject,
  operation: Operation,
): { readonly url: string; readonly method: string } {
  const { path, method } = endpoints[operation]
  return { url: agentUrl + path, method }
}

/** Headers of the SPA, as a browser sends them. */
export const spaHeaders = ({ origin }: Subject): Record<string, string> => ({
  ...versionHeader,
  origin,
  'sec-fetch-site': 'same-site',
})

/** The cookies a browser has for a role. */
export function cookiesFor(browser: UserBrowser, role: CookieRole): readonly Cookie[] {
  const suffix = cookieName('', role)
  return browser
    .cookies()
    .filter(({ name }) => (role === 'login' ? name.includes(suffix) : name.endsWith(suffix)))
}

/** The one cookie a browser has for a role. */
export function cookieFor(browser: UserBrowser, role: CookieRole): Cookie {
  const [cookie, ...others] = cookiesFor(browser, role)
  const refused = browser
    .refusedCookies()
    .map(({ name, reason }) => `; ${name} was refused: ${reason}`)
  check(cookie !== undefined, `there is no ${role} cookie${refused.join('')}`)
  check(others.length === 0, `there are several ${role} cookies`)
  return cookie
}

/** All cookies a browser has now, as one `Cookie` header: a copy that stays as it is. */
export const copyCookies = (browser: UserBrowser): string =>
  browser
    .cookies()
    .map(({ name, value }) => `${name}=${value}`)
    .join('; ')

/** Calls an operation as the SPA does, but with these cookies; the browser gets those of the answer. */
export function callWithCookies(
  { subject }: CaseContext,
  browser: UserBrowser,
  operation: Operation,
  cookie: string,
  form?: URLSearchParams,
): Promise<Response> {
  const { url, method } = target(subject, operation)
  const headers = { ...spaHeaders(subject), cookie }
  return browser.sendRaw(url, { method, headers, ...(form && { body: form }) })
}

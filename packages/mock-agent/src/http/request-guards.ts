// What agent and proxy look at before anything else: who sends a request, and with which cookies.
import type { Settings } from '../options.ts'
import type { MockEndpoint } from '../wire/profile.ts'

const isRead = (method: string): boolean => method === 'GET' || method === 'HEAD'

/**
 * Says why a request is not trusted, or `undefined` when it is.
 *
 * The real agent also refuses unsafe methods without an `Origin`. So does the mock with real cookies.
 * Without them it cannot: `fetch` in Node sends none, and a service worker does not get to see the one
 * its browser sends. Then an absent `Origin` passes, and a foreign one is refused.
 *
 * @param csrfToken - of the session that comes with the request
 */
export function distrust(
  request: Request,
  to: MockEndpoint | 'api',
  { origin, cookies, profile }: Pick<Settings, 'origin' | 'cookies' | 'profile'>,
  csrfToken: string | undefined,
): string | undefined {
  const sender = request.headers.get('origin')
  if (sender !== null && sender !== origin) {
    return `origin ${sender} is not trusted; the mock trusts ${origin}`
  }
  if (sender === null && request.headers.get('sec-fetch-site') === 'cross-site') {
    return 'the request comes from another site'
  }
  if (sender === null && cookies === 'real' && !isRead(request.method)) {
    return `${request.method} needs an Origin header`
  }
  return profile.distrust(request, to, csrfToken)
}

/**
 * Whether a browser would send its cookies with a request of the page. Forgetting
 * `credentials: 'include'` for another origin means: no cookies, so no session.
 */
export function carriesCookies(request: Request, origin: string): boolean {
  if (request.credentials === 'same-origin') return new URL(request.url).origin === origin
  return request.credentials === 'include'
}

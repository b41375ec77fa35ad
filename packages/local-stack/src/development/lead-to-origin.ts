// Leading people from other names of this machine to the one where a sign-in works.
import type { IncomingMessage, ServerResponse } from 'node:http'

const isLocal = (hostname: string): boolean =>
  /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i.test(hostname)

/**
 * Creates a Connect middleware for a dev server: a page that is opened by another local name than that of the
 * origin is redirected to the origin. Sign-in works there alone, since cookies and CORS are bound to it.
 *
 * @param origin - where sign-in works; `undefined` while that is not known
 *
 * @example
 * import { createServer } from 'node:http'
 * import { leadToOrigin } from '@token-handler/local-stack/development'
 *
 * const lead = leadToOrigin(() => 'http://www.app.localhost:5173')
 * createServer((request, response) => lead(request, response, () => response.end())).listen(5173)
 * @see {@link https://www.rfc-editor.org/rfc/rfc6761#section-6.3 RFC 6761 section 6.3}
 */
export function leadToOrigin(
  origin: () => string | undefined,
): (request: IncomingMessage, response: ServerResponse, next: () => void) => void {
  return (request, response, next) => {
    const target = origin()
    const authority = request.headers[':authority'] ?? request.headers.host
    const isPage =
      request.method === 'GET' && request.headers.accept?.includes('text/html') === true
    if (target === undefined || typeof authority !== 'string' || !isPage) return next()
    const asked = `http://${authority}`
    if (!URL.canParse(asked) || authority === new URL(target).host) return next()
    if (!isLocal(new URL(asked).hostname)) return next()
    response.writeHead(302, {
      location: target + (request.url ?? '/'),
      'cache-control': 'no-store',
    })
    response.end()
  }
}

// Random answers of an API: with headers that speak of caches, of the host, of the connection, or of nothing odd.
import * as fc from 'fast-check'
import type { RequestListener } from 'node:http'

/** Status and header lines. */
export interface ApiAnswer {
  readonly status: number
  readonly lines: readonly (readonly [name: string, value: string])[]
}

const lines: readonly (readonly [string, string])[] = [
  ['Access-Control-Allow-Origin', '*'],
  ['Access-Control-Expose-Headers', 'X-Total'],
  ['Access-Control-Max-Age', '5'],
  ['Activate-Storage-Access', 'load'],
  ['Age', '5'],
  ['Alt-Svc', 'h3=":443"'],
  ['Authorization', 'Bearer echoed'],
  ['DPoP-Nonce', 'of-the-handler'],
  ['CDN-Cache-Control', 'max-age=60'],
  ['CDN-Cache-Control', 'public'],
  ['Cache-Control', 'max-age=60'],
  ['Cache-Control', 'no-store'],
  ['Cache-Control', 'no-store, must-understand'],
  ['Cache-Control', 'private="x", no-cache="public"'],
  ['Cache-Control', 'public, max-age=60'],
  ['Cache-Control', 's-maxage=0'],
  ['Cache-Control', 's-maxage=60'],
  ['Cache-Control', 'private'],
  ['Clear-Site-Data', '"cache"'],
  ['Connection', 'close, x-total, vary, cache-control'],
  ['Content-Location', '/v1/reports/1'],
  ['Content-Location', 'http://UPSTREAM/v1'],
  ['Content-Type', 'application/json; charset=utf-8'],
  ['Content-Type', 'text/event-stream'],
  ['DPoP-Nonce', 'a'],
  ['ETag', '"a"'],
  ['Edge-Control', 'max-age=60'],
  ['Edge-Control', 'no-store'],
  ['Expires', 'Thu, 01 Dec 2033 16:00:00 GMT'],
  ['Link', '</a>; rel=next'],
  ['Link', '<http://UPSTREAM/v1/a?b=<c>; rel=next, <//UPSTREAM/elsewhere#d>; rel=up'],
  ['Location', '/'],
  ['Location', '/api/kept'],
  ['Location', '/v1/orders/1?a=/v1#b'],
  ['Location', '/v12'],
  ['Location', '//api.app.example/v1/x'],
  ['Location', 'HTTP://UPSTREAM/v1'],
  ['Location', 'http://UPSTREAM:80/v1'],
  ['Location', 'http://UPSTREAM'],
  ['Location', 'http://UPSTREAM/v1/orders/1'],
  ['Location', 'http://UPSTREAM//v1'],
  ['Location', 'http://UPSTREAM?a=b'],
  ['Location', 'http://api.app.example/v1/x'],
  ['Location', 'http://user@UPSTREAM/v1/x'],
  ['Location', 'https://UPSTREAM/v1/x'],
  ['Location', 'https://login.example/?to=http://UPSTREAM/v1'],
  ['Location', 'mailto:a@UPSTREAM'],
  ['Location', 'orders/1'],
  ['Location', '?page=2'],
  ['NEL', '{}'],
  ['Pragma', 'no-cache'],
  ['Proxy-Authenticate', 'Basic'],
  ['Refresh', '5'],
  ['Refresh', '5; URL="http://UPSTREAM/v1/a"'],
  ['Refresh', '0,url=/v1/b'],
  ['Server', 'an API'],
  ['Service-Worker-Allowed', '/'],
  ['Set-Cookie', '__Host-Http-th-at=a'],
  ['Set-Cookie', '=__HOST-HTTP-TH-session=a'],
  ['Set-Cookie', 'sticky=1; Domain=UPSTREAM; Path=/v1/a; HttpOnly'],
  ['Set-Cookie', ' sticky = 2;path=/;DOMAIN=x;Secure'],
  ['Set-Cookie', 'sticky; Path=/v1'],
  ['Set-Cookie', 'sticky=; path = /v1/=/x ;; a'],
  ['Set-Cookie', 'theme=dark'],
  ['Set-Cookie', 'theme=dark; Domain=UPSTREAM; Path=/v1'],
  ['Strict-Transport-Security', 'max-age=0'],
  ['Surrogate-Control', 'max-age=60'],
  ['Surrogate-Control', 'no-store'],
  ['Vary', '*'],
  ['Vary', 'Accept, Authorization'],
  ['Vary', 'Cookie, origin'],
  ['Vary', 'X-Forwarded-For'],
  ['Vary', ''],
  ['WWW-Authenticate', 'Bearer'],
  ['X-Accel-Buffering', 'no'],
  ['X-Accel-Charset', 'utf-8'],
  ['X-Accel-Expires', '0'],
  ['X-Accel-Expires', '60'],
  ['X-Accel-Limit-Rate', '1'],
  ['X-Accel-Redirect', '/api/admin'],
  ['X-Sendfile', '/etc/hostname'],
  ['X-Total', '1'],
]

/** Answers of all kinds. */
export const randomAnswers: fc.Arbitrary<ApiAnswer> = fc.record({
  status: fc.constantFrom(200, 200, 200, 201, 204, 302, 304, 401, 404, 500, 502, 503),
  lines: fc.array(fc.constantFrom(...lines), { maxLength: 6 }),
})

/** Content types and the like are there once, in answers that are one. */
const isSingle =
  /^(?:age|clear-site-data|connection|content-type|content-location|etag|expires|location|refresh|server|x-accel-.*)$/i

/**
 * An API that gives this answer, with a body that says nothing.
 *
 * @param host - of the API, where lines name it
 */
export function answering({ status, lines }: ApiAnswer, host: string): RequestListener {
  return (_request, response) => {
    const known = new Set<string>()
    const raw = lines.filter(([name]) => {
      const isKnown = known.has(name)
      known.add(name)
      return !(isKnown && isSingle.test(name))
    })
    response.sendDate = false
    response.writeHead(
      status,
      raw.flatMap(([name, value]) => [name, value.replaceAll('UPSTREAM', host)]),
    )
    response.end('body')
  }
}

// Random requests for the handler's proxy and for nginx: what either decides by, good, bad and odd.
import * as fc from 'fast-check'
import {
  hostileTargets,
  plainTargets,
} from '../../../packages/reference-handler/test/proxy/targets.ts'

/** A request as it goes over the wire. */
export interface RawRequest {
  readonly method: string
  readonly target: string
  /** Header lines. */
  readonly lines: readonly string[]
  readonly body: string
}

/** Cookies whose worth is known. */
export interface KnownCookies {
  readonly good: string
  readonly expired: string
  readonly opaque: string
  /** Of the session, which opens nothing here. */
  readonly session: string
}

const name = '__Host-Http-th-at'

const pieces = fc.constantFrom(
  '/',
  '/api',
  '/v1',
  'a',
  '..',
  '.',
  '%2e',
  '%2f',
  '%5c',
  '%25',
  '%',
  ';',
  ';a=b',
  '//',
  '?',
  '%c3%bc',
  '%252e',
  '%00',
  '#',
  '~',
  '-',
  '%zz',
  '%e2%82',
  'orders',
  '/admin',
  '%41',
  "'",
  '&q=1',
  '%C2%85',
  '%3b',
)

const target = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('/api/orders', '/api/orders?q=1', '/api', '/json/x') },
  { weight: 1, arbitrary: fc.constantFrom('/', '/apis', '/api/admin/users', '/api/admin;x=1/a') },
  {
    weight: 2,
    arbitrary: fc.constantFrom(...[...plainTargets, ...hostileTargets].map(([, text]) => text)),
  },
  {
    weight: 3,
    arbitrary: fc
      .array(pieces, { minLength: 1, maxLength: 8 })
      .map((parts) => `/api/${parts.join('')}`),
  },
)

const method = fc.oneof(
  { weight: 4, arbitrary: fc.constant('GET') },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'HEAD',
      'POST',
      'PUT',
      'PATCH',
      'DELETE',
      'OPTIONS',
      'PROPFIND',
      'TRACE',
    ),
  },
)

/** One of several lines, or none of them; the first most of the time. */
const line = (usual: string, ...others: readonly string[]) =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constant([usual]) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(...others).map((other) => (other === '' ? [] : [other])),
    },
  )

const others = fc.constantFrom(
  'Accept: application/json',
  'Accept-Language: sv',
  'Authorization: Basic bWFkZTp1cA==',
  'Cf-Access-Jwt-Assertion: forged',
  'Client-Cert: :forged:',
  'DPoP: forged',
  'Forwarded: for=forged',
  'Keep-Alive: timeout=5',
  'Proxy-Authorization: Basic forged',
  'Referer: https://www.app.example/',
  'TE: trailers',
  'Trailer: X-Checksum',
  'True-Client-IP: forged',
  'Upgrade: h2c',
  'Via: 1.1 forged',
  'X-Custom: one',
  'X-Custom: two',
  'X-Envoy-External-Address: forged',
  'X-Forwarded-For: 192.0.2.1',
  'X-Forwarded-Host: forged',
  'X-Forwarded-Prefix: /forged',
  'X-Forwarded-Proto: https',
  'X-Forwardedness: passes',
  'X-HTTP-Method-Override: DELETE',
  'X-Original-URL: /forged',
  'X-Originally: passes',
  'X-Real-IP: forged',
  'Proxyish: passes',
  'Baggage: a=b',
  'Traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  'Accept: \u00fc',
  'Sec-Fetch-Mode: cors',
)

function cookieLines(cookies: KnownCookies): fc.Arbitrary<readonly string[]> {
  const { good, expired, opaque, session } = cookies
  const [header = '', , iv = '', text = '', tag = ''] = good.split('.')
  const values = fc.oneof(
    fc.constantFrom(
      expired,
      opaque,
      session,
      '',
      `${good}x`,
      good.slice(0, -1),
      `${good}=`,
      ` ${good}`,
    ),
    fc.constantFrom(
      `"${good}"`,
      `${header}..${iv}.${text}.${tag.slice(1)}`,
      `${header}...${text}.${tag}`,
    ),
    fc
      .nat(good.length - 1)
      .map((at) => good.slice(0, at) + (good[at] === 'A' ? 'B' : 'A') + good.slice(at + 1)),
    fc.string({ unit: fc.constantFrom('A', 'e', '.', '-', '_', '=', '+', '/'), maxLength: 80 }),
  )
  const pair = `${name}=${good}`
  return fc.oneof(
    { weight: 8, arbitrary: fc.constant([`Cookie: ${pair}`]) },
    { weight: 4, arbitrary: values.map((value) => [`Cookie: ${name}=${value}`]) },
    {
      weight: 3,
      arbitrary: fc.constantFrom(
        [],
        [`Cookie: theme=dark; ${pair}; lang=sv`],
        [`Cookie: theme=dark`, `Cookie: ${pair}`],
        [
          `Cookie: sticky=1; ${pair}; sticky=2;sticky; stickyx; Sticky=3; sticky =4; =sticky; a=sticky=1`,
        ],
        [`Cookie: sticky=one`],
        [`Cookie: sticky`, `Cookie: ${pair}`, `Cookie:  sticky=1=2 `],
        [`Cookie: ${pair}; ${pair}`],
        [`Cookie: ${pair}`, `Cookie: ${pair}`],
        [`Cookie: ${pair}; __Host-Http-th-session=a; __Host-Http-th-session=b`],
        [`Cookie: ${name.toLowerCase()}=${good}`],
        [`Cookie:  ${pair}`],
        [`Cookie: a=b;${pair}`],
        [`Cookie: a=b;  ${pair}`],
        [`Cookie: ${name}`, `Cookie: ${pair}`],
        [`Cookie: ;;; ${pair};`],
        [`Cookie: ${name} =${good}`],
        [`Cookie: ${name}.x=1; ${pair}`],
      ),
    },
  )
}

/** Requests of all kinds; most of them good but for one or two things. */
export function randomRequests(cookies: KnownCookies): fc.Arbitrary<RawRequest> {
  const trusted = 'Origin: https://www.app.example'
  const headers = fc.tuple(
    line('Host: api.app.example', 'Host: API.app.example:443', 'Host: 127.0.0.1'),
    line(
      trusted,
      '',
      'Origin: null',
      'Origin: https://evil.example',
      `${trusted}\r\n${trusted}`,
      `${trusted}/`,
    ),
    line(
      'Token-Handler-Version: 1',
      '',
      'Token-Handler-Version: 2',
      'Token-Handler-Version: 1\r\nToken-Handler-Version: 1',
    ),
    line(
      'Sec-Fetch-Site: same-site',
      '',
      'Sec-Fetch-Site: cross-site',
      'Sec-Fetch-Site: same-origin',
    ),
    cookieLines(cookies),
    line(
      'Connection: close',
      'Connection: close, x-custom',
      'Connection: close, authorization, origin, cookie',
    ),
    line(
      'X: 1',
      'Access-Control-Request-Method: PUT',
      'Access-Control-Request-Method: PUT\r\nAccess-Control-Request-Headers: X-A, x-b, X-A, b\u00e4d',
    ),
    fc.uniqueArray(others, { maxLength: 5 }),
  )
  return fc
    .record({ method, target, headers, body: fc.constantFrom('', '', 'a=b') })
    .map((made) => {
      const { method, target, headers, body } = made
      const length = body === '' ? [] : [`Content-Length: ${body.length}`]
      return {
        method,
        target,
        body,
        lines: [...headers.flat().flatMap((text) => text.split('\r\n')), ...length],
      }
    })
}

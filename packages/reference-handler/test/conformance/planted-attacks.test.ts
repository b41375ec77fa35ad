// The suite finds agents that a forged, planted or ambiguous request can mislead.
import { test } from 'vitest'
import { sessionName } from '../support/answers.ts'
import { spaOrigin } from '../support/browser.ts'
import {
  addHeader,
  changeBody,
  changeForm,
  changeHeaders,
  changeRequestHeaders,
  checkFound,
  keepSessionIds,
  reflectOrigin,
} from './faults.ts'
import type { Fault } from './faults.ts'

const TOKEN = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl'

/** Takes an origin for the trusted one where it is so after some change. */
const trustWhere = (change: (origin: string) => string): Fault =>
  changeRequestHeaders((headers) => {
    if (change(headers.get('origin') ?? '') === spaOrigin) headers.set('origin', spaOrigin)
  })

const changeCookieHeader = (change: (cookie: string) => string): Fault =>
  changeRequestHeaders((headers) => {
    const cookie = headers.get('cookie')
    if (cookie !== null) headers.set('cookie', change(cookie))
  })

/** Of cookies with one name, the first counts. */
const withoutRepetition = (cookie: string): string =>
  [
    ...new Map(
      cookie
        .split('; ')
        .toReversed()
        .map((pair) => [pair.split('=', 1)[0], pair]),
    ).values(),
  ]
    .toReversed()
    .join('; ')

const faults: readonly [string, string, Fault][] = [
  [
    'does not miss the issuer',
    'login-end-without-issuer',
    changeForm((form) => form.set('iss', 'https://login.idp.example')),
  ],
  [
    'redeems an empty code',
    'login-end-with-an-empty-code',
    (send) => async (request) => {
      const isEmpty = (await request.clone().text()).includes('code=&')
      const { status, headers, body } = await send(request)
      return new Response(body, { status: isEmpty ? 502 : status, headers })
    },
  ],
  [
    'overlooks an error beside a code',
    'login-end-with-code-and-error',
    changeForm((form) => form.delete('error')),
  ],
  [
    'overlooks a signed response beside a plain one',
    'login-end-with-plain-and-signed-response',
    changeForm((form) => form.delete('response')),
  ],
  [
    'overlooks the scheme of origins',
    'origins-are-compared-exactly',
    trustWhere((origin) => origin.replace(/^http:/, 'https:')),
  ],
  [
    'overlooks the port of origins',
    'origins-are-compared-exactly',
    trustWhere((origin) => origin.replace(/:\d+$/, '')),
  ],
  [
    'overlooks the case of origins',
    'api-origins-are-compared-exactly',
    trustWhere((origin) => origin.toLowerCase()),
  ],
  [
    'overlooks what a URL parser drops',
    'api-origins-are-compared-exactly',
    trustWhere((origin) => (URL.canParse(origin) ? new URL(origin).origin : origin)),
  ],
  [
    'trusts every host below the SPA’s',
    'origins-are-compared-exactly',
    trustWhere((origin) => origin.replace('//evil.', '//')),
  ],
  ['lets lookalikes read', 'origins-are-compared-exactly', reflectOrigin],
  [
    'sends the user where the caller says',
    'logout-url-is-not-the-callers',
    (send) => async (request) => {
      const form = new URLSearchParams(await request.clone().text())
      const target = form.get('post_logout_redirect_uri') ?? ''
      return changeBody((body) => body.replace(/(?<=post_logout_redirect_uri=)[^"&]*/, target))(
        send,
      )(request)
    },
  ],
  ['keeps its session ids over a login', 'session-fixation', keepSessionIds],
  [
    'takes the first of two login cookies',
    'login-cookie-sent-twice',
    changeCookieHeader(withoutRepetition),
  ],
  [
    'reads cookie names leniently',
    'cookie-names-are-read-strictly',
    changeCookieHeader((cookie) => cookie.replace(/[\t\u00a0]/g, '').replace(' =', '=')),
  ],
  [
    'reads cookie names in any case',
    'cookie-names-are-read-strictly',
    changeCookieHeader((cookie) => cookie.replace(/__host-http-th-session/i, sessionName)),
  ],
  [
    'lets a connection drop the token',
    'api-receives-its-token-whatever-connection-says',
    (send) => (request) =>
      request.headers.get('connection')?.includes('authorization') === true
        ? changeBody((body) => body.replace('"authorization":"Bearer"', '"x":"y"'))(send)(request)
        : send(request),
  ],
  [
    'lets its answers be sniffed',
    'never-sniffed',
    changeHeaders((name, value) => (name === 'x-content-type-options' ? undefined : value)),
  ],
  [
    'lets its URLs travel on',
    'never-a-referrer',
    changeHeaders((name, value) => (name === 'referrer-policy' ? 'origin' : value)),
  ],
  [
    'shows a token in a header',
    'no-token-in-any-header',
    addHeader('x-access-token', ({ method }) => (method === 'GET' ? TOKEN : undefined)),
  ],
  [
    'lets the page choose the nonce',
    'login-start-parameter-off-the-allow-list',
    changeForm((form) => form.delete('nonce')),
  ],
  [
    'hands on the names that CGI cannot tell apart',
    'api-receives-no-forged-header',
    (send) => (request) =>
      changeBody((body) =>
        request.headers.has('x_forwarded_for')
          ? body.replace('"headers":{', '"headers":{"x_forwarded_for":"forged.example",')
          : body,
      )(send)(request),
  ],
]

test.each(faults)('an agent that %s fails the case %s', (_what, id, plant) => checkFound(id, plant))

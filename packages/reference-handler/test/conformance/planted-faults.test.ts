// The suite finds what it is there to find: each fault planted in front of the core fails its case.
import { test } from 'vitest'
import { spaOrigin } from '../support/browser.ts'
import {
  addHeader,
  changeBody,
  changeHeaders,
  changeRequestHeaders,
  changeSetCookie,
  checkFound,
  ignoreState,
  isForeign,
  reflectOrigin,
  withoutAttribute,
} from './faults.ts'
import type { Fault } from './faults.ts'

const TOKEN = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl'

const isRefresh = ({ url }: Request): boolean => url.endsWith('/refresh')

/** No two answers set the same cookies. */
const countCookies = (): Fault => {
  let count = 0
  return changeSetCookie((line) => `${line}; Max-Age=${(count += 1000)}`)
}

const faults: readonly [string, string, Fault][] = [
  ['does not check the state', 'login-end-with-unknown-state', ignoreState],
  [
    'does not need the version header',
    'refresh-without-version-header',
    changeRequestHeaders((headers) => headers.set('token-handler-version', '1')),
  ],
  [
    'challenges without a parameter',
    'api-without-a-session',
    changeHeaders((name, value) => (name === 'www-authenticate' ? 'Bearer' : value)),
  ],
  [
    'leaves a cookie at logout',
    'logout-clears-every-cookie',
    changeSetCookie((line) => (/-session=;/.test(line) ? undefined : line)),
  ],
  [
    'shows a token in a body',
    'no-token-in-any-body',
    changeBody((body) => body.replace('"sub":', `"token":"${TOKEN}","sub":`)),
  ],
  [
    'adds a charset to its content type',
    'exact-content-type',
    changeHeaders((name, value) => (name === 'content-type' ? `${value}; charset=utf-8` : value)),
  ],
  [
    'keeps the new tokens of a refresh to itself',
    'refresh-rewrites-both-cookies',
    changeSetCookie((line, request) => (isRefresh(request) ? undefined : line)),
  ],
  [
    'keeps the refresh token that was used',
    'refresh-after-refresh',
    changeSetCookie((line, request) =>
      isRefresh(request) && line.includes('-session=') ? undefined : line,
    ),
  ],
  [
    'answers 401 without WWW-Authenticate',
    'api-without-a-session',
    changeHeaders((name, value) => (name === 'www-authenticate' ? undefined : value)),
  ],
  [
    'gives each of many refreshes cookies of its own',
    'parallel-refreshes-share-their-cookies',
    countCookies(),
  ],
  [
    'ends the session in an outage',
    'refresh-during-an-outage',
    addHeader('set-cookie', (request) =>
      isRefresh(request) ? '__Host-Http-th-session=; Path=/; Max-Age=0; Secure; HttpOnly' : null,
    ),
  ],
  [
    'lets logins pile up',
    'login-cookies-do-not-pile-up',
    changeSetCookie((line, { url }) =>
      url.endsWith('/login/start') && line.includes('Max-Age=0') ? undefined : line,
    ),
  ],
  [
    'asks for a code without S256',
    'authorization-request-is-protected',
    changeBody((body) => body.replace('code_challenge_method=S256', 'code_challenge_method=plain')),
  ],
  [
    'lets caches mix up origins',
    'answers-vary-by-origin',
    changeHeaders((name, value) => (name === 'vary' ? undefined : value)),
  ],
  [
    'lets service workers keep answers',
    'never-in-a-service-workers-cache',
    changeHeaders((name, value) => (name === 'vary' ? 'Origin, Cookie' : value)),
  ],
  [
    'lets caches give one answer of an API to all users',
    'api-answers-are-for-one-user',
    changeHeaders((name, value) => (name === 'vary' ? 'Origin' : value)),
  ],
  [
    'lets shared caches store the answers of APIs',
    'api-answers-are-for-one-user',
    changeHeaders((name, value) => (name === 'cache-control' ? 'max-age=60' : value)),
  ],
  ['sets cookies that scripts can read', 'cookie-attributes', withoutAttribute('HttpOnly')],
  ['sets cookies without Secure', 'cookie-attributes', withoutAttribute('Secure')],
  ['sets cookies without SameSite', 'cookie-attributes', withoutAttribute('SameSite=Strict')],
  [
    'sets cookies for a whole domain',
    'cookie-attributes',
    changeSetCookie((line) => `${line}; Domain=app.example`),
  ],
  [
    'leaves a cookie that scripts can read',
    'cookies-are-out-of-reach-of-scripts',
    addHeader('set-cookie', () => 'hint=1; Path=/'),
  ],
  [
    'keeps the login cookie',
    'login-cookie-goes-in-every-outcome',
    changeSetCookie((line) => (/-login-[^=]*=;/.test(line) ? undefined : line)),
  ],
  [
    'lets login cookies last for a day',
    'login-cookie-is-short-lived',
    changeSetCookie((line) => line.replace('Max-Age=600', 'Max-Age=86400')),
  ],
  [
    'clears nothing at logout',
    'logout-clears-every-cookie',
    changeSetCookie((line, { url }) => (url.endsWith('/logout') ? undefined : line)),
  ],
  [
    'keeps the cookies of a session that has ended',
    'refresh-after-the-session-has-ended',
    changeSetCookie((line, { url }) => (url.endsWith('/refresh') ? undefined : line)),
  ],
  [
    'sets a cookie when asked for the session',
    'session-sets-no-cookies',
    addHeader('set-cookie', ({ method }) => (method === 'GET' ? 'seen=1; Path=/' : undefined)),
  ],
  [
    'needs no Origin',
    'logout-without-origin',
    changeRequestHeaders((headers) => {
      if (!headers.has('origin')) headers.set('origin', spaOrigin)
    }),
  ],
  ['allows every origin', 'preflight-of-an-untrusted-origin', reflectOrigin],
  ['lets every origin read', 'page-of-another-site-is-blocked', reflectOrigin],
  ['lets a neighbour read', 'untrusted-page-of-the-same-site-is-blocked', reflectOrigin],
  [
    'allows all origins at once',
    'no-wildcard-origin',
    addHeader('access-control-allow-origin', (request) => (isForeign(request) ? '*' : undefined)),
  ],
  [
    'exposes no headers',
    'errors-are-readable-for-the-spa',
    changeHeaders((name, value) => (name === 'access-control-expose-headers' ? undefined : value)),
  ],
  [
    'answers preflights without credentials',
    'preflight-of-the-trusted-origin',
    changeHeaders((name, value) =>
      name === 'access-control-allow-credentials' ? undefined : value,
    ),
  ],
  [
    'takes any cookie for the proxy cookie',
    'session-cookie-as-proxy-cookie',
    (send) => async (request) =>
      request.url.includes('/api/') ? Response.json({}) : send(request),
  ],
  [
    'adds the version header by itself',
    'simple-request-changes-nothing',
    changeRequestHeaders((headers) => headers.set('token-handler-version', '1')),
  ],
]

test.each(faults)('an agent that %s fails the case %s', (_what, id, plant) => checkFound(id, plant))

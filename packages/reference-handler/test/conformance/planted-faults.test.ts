// The suite finds what it is there to find: each fault planted in front of the core fails its case.
import { conformanceCases, runCase } from '@token-handler/contract/conformance'
import type { Subject } from '@token-handler/contract/conformance'
import { expect, test } from 'vitest'
import { spaOrigin } from '../support/browser.ts'
import { createCoreSubject } from './core-subject.ts'

type Send = Subject['send']
type Fault = (send: Send) => Send

/** Changes the answers' headers; `Set-Cookie` lines come one by one. */
const changeHeaders =
  (change: (name: string, value: string, request: Request) => string | undefined): Fault =>
  (send) =>
  async (request) => {
    const { status, body, headers } = await send(request)
    const changed = [...headers].flatMap(([name, value]) => {
      const result = change(name, value, request)
      return result === undefined ? [] : [[name, result] satisfies [string, string]]
    })
    return new Response(body, { status, headers: changed })
  }

const changeSetCookie = (change: (line: string, request: Request) => string | undefined): Fault =>
  changeHeaders((name, value, request) => (name === 'set-cookie' ? change(value, request) : value))

const changeRequestHeaders =
  (change: (headers: Headers) => void): Fault =>
  (send) =>
  (request) => {
    const headers = new Headers(request.headers)
    change(headers)
    return send(new Request(request, { headers }))
  }

/** Adds a line to the answers' headers. */
const addHeader =
  (name: string, valueFor: (request: Request) => string | null | undefined): Fault =>
  (send) =>
  async (request) => {
    const { status, body, headers } = await send(request)
    const value = valueFor(request) ?? undefined
    const added: [string, string][] = value === undefined ? [] : [[name, value]]
    return new Response(body, { status, headers: [...headers, ...added] })
  }

const isForeign = ({ headers }: Request): boolean => headers.get('origin') !== spaOrigin

/** Allows every origin that asks, whatever it asks. */
const reflectOrigin: Fault = (send) =>
  [
    addHeader('access-control-allow-origin', (request) =>
      isForeign(request) ? request.headers.get('origin') : undefined,
    ),
    addHeader('access-control-allow-credentials', (request) =>
      isForeign(request) ? 'true' : undefined,
    ),
    addHeader('access-control-allow-headers', () => 'token-handler-version,content-type'),
  ].reduce((sent, fault) => fault(sent), send)

const withoutAttribute = (attribute: string): Fault =>
  changeSetCookie((line) => line.replace(`; ${attribute}`, ''))

const faults: readonly [string, string, Fault][] = [
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

test.each(faults)('an agent that %s fails the case %s', async (_what, id, plant) => {
  const conformanceCase = conformanceCases.find((each) => each.id === id)
  if (conformanceCase === undefined) throw new Error(`There is no case ${id}.`)
  const subject = await createCoreSubject()
  const outcome = await runCase(conformanceCase, { ...subject, send: plant(subject.send) })
  expect(outcome.status).toBe('failed')
})

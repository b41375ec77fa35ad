// A conformance suite is worth what it finds: each planted fault must fail the case that is about it.
import { conformanceCases, runCase } from '@token-handler/conformance'
import { expect, test } from 'vitest'
import {
  changeCookies,
  changedHeader,
  changeRequest,
  changeResponse,
  remember,
  withBody,
  withHeader,
  withoutHeader,
} from './support/faults.ts'
import type { Fault } from './support/faults.ts'
import { createRealSubject, createVirtualSubject } from './support/mock-subject.ts'

const faults: readonly [string, string, Fault][] = [
  [
    'ignores the version header',
    'logout-without-version-header',
    changeRequest((request) => withHeader(request, 'token-handler-version', '1')),
  ],
  [
    'ignores the origin',
    'refresh-from-untrusted-origin',
    changeRequest((request) => withoutHeader(request, 'origin')),
  ],
  [
    'trusts origins by their beginning',
    'session-from-lookalike-origin',
    changeRequest((request) =>
      request.headers.get('origin')?.startsWith('https://www.example.com') === true
        ? withHeader(request, 'origin', 'https://www.example.com')
        : request,
    ),
  ],
  ['lets a login be ended twice', 'login-end-replayed', remember('/login/end')],
  ['remembers the first session', 'another-user-replaces-the-session', remember('/session')],
  [
    'adds a charset to the content type',
    'exact-content-type',
    changeResponse((response, body) =>
      withBody(
        response,
        body,
        changedHeader(response, 'content-type', 'application/json; charset=utf-8'),
      ),
    ),
  ],
  [
    'lets answers be stored',
    'never-stored',
    changeResponse((response, body) =>
      withBody(response, body, changedHeader(response, 'cache-control', 'private')),
    ),
  ],
  [
    'shows a token',
    'no-token-in-any-body',
    changeResponse((response, body) =>
      withBody(
        response,
        body.replace(
          '"sub":',
          '"raw":"eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl","sub":',
        ),
      ),
    ),
  ],
  [
    'answers errors in words of its own',
    'documented-errors',
    changeResponse((response, body) => withBody(response, body.replace('error_code', 'error'))),
  ],
  [
    'answers 200 with an error inside',
    'refresh-without-a-session',
    changeResponse((_response, body) => new Response(body)),
  ],
  [
    'sends 401 without a challenge',
    'api-without-a-session',
    changeResponse((response, body) =>
      withBody(response, body, changedHeader(response, 'www-authenticate', '')),
    ),
  ],
  [
    'keeps the session after logout',
    'logout-ends-the-session',
    ({ send }) => ({
      send: async (request) =>
        request.url.endsWith('/logout') ? Response.json({}) : send(request),
    }),
  ],
  [
    'never expires access tokens',
    'expiry-refresh-replay',
    () => ({ expireAccessToken: async () => {} }),
  ],
  [
    'never ends sessions',
    'refresh-after-the-session-has-ended',
    () => ({ endSession: async () => {} }),
  ],
  [
    'relays an error before it checks the state',
    'authorization-error-of-a-stranger',
    ({ send }) => ({
      send: async (request) => {
        const error = new URLSearchParams(await request.clone().text()).get('error')
        return error === null
          ? send(request)
          : Response.json({ error_code: error }, { status: 400 })
      },
    }),
  ],
  [
    'signs in whoever comes back',
    'login-end-with-unknown-state',
    ({ send }) => ({
      send: async (request) =>
        request.url.endsWith('/login/end') ? Response.json({ is_logged_in: true }) : send(request),
    }),
  ],
]

/** Those that only browsers with real cookies can see. */
const cookieFaults: typeof faults = [
  [
    'keeps the login cookie',
    'login-cookie-goes-in-every-outcome',
    changeCookies((cookie) => (/-login-.*Max-Age=0/.test(cookie) ? '' : cookie)),
  ],
  [
    'leaves a cookie behind at logout',
    'logout-clears-every-cookie',
    changeCookies((cookie) => (/-session=;/.test(cookie) ? '' : cookie)),
  ],
  [
    'lets scripts read a cookie',
    'cookie-attributes',
    changeCookies((cookie) => cookie.replace('; HttpOnly', '')),
  ],
  ['gives every refresh the first one’s answer', 'refresh-after-refresh', remember('/refresh')],
  [
    'lets every origin in',
    'preflight-of-an-untrusted-origin',
    ({ send }) => ({
      send: async (request) => {
        const response = await send(request)
        const origin = request.headers.get('origin') ?? '*'
        const headers = changedHeader(response, 'access-control-allow-origin', origin)
        return withBody(response, await response.text(), headers)
      },
    }),
  ],
]

async function checkFound(
  id: string,
  fault: Fault,
  createSubject: typeof createRealSubject,
): Promise<void> {
  const conformanceCase = conformanceCases.find((each) => each.id === id)
  if (conformanceCase === undefined) throw new Error(`there is no case ${id}`)
  expect(await runCase(conformanceCase, createSubject())).toEqual({ status: 'passed' })
  const faulty = createSubject()
  const outcome = await runCase(conformanceCase, { ...faulty, ...fault(faulty) })
  expect(outcome).toMatchObject({ status: 'failed', cause: { name: 'ConformanceFailure' } })
}

test.each(faults)('an agent that %s fails the case %s', (_what, id, fault) =>
  checkFound(id, fault, createVirtualSubject),
)

test.each(cookieFaults)('an agent that %s fails the case %s', (_what, id, fault) =>
  checkFound(id, fault, createRealSubject),
)

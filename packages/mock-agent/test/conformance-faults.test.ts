// A conformance suite is worth what it finds: each planted fault must fail the case that is about it.
import { conformanceCases, runCase } from '@token-handler/contract/conformance'
import type { Subject } from '@token-handler/contract/conformance'
import { expect, test } from 'vitest'
import { createMockSubject } from './support/mock-subject.ts'

type Fault = (subject: Subject) => Partial<Subject>

const changeRequest =
  (change: (request: Request) => Request): Fault =>
  ({ send }) => ({ send: (request) => send(change(request)) })

const changeResponse =
  (change: (response: Response, body: string) => Response): Fault =>
  ({ send }) => ({
    send: async (request) => {
      const response = await send(request)
      return change(response, await response.clone().text())
    },
  })

const withHeader = (request: Request, name: string, value: string): Request => {
  const headers = new Headers(request.headers)
  headers.set(name, value)
  return new Request(request, { headers })
}

const withoutHeader = (request: Request, name: string): Request => {
  const headers = new Headers(request.headers)
  headers.delete(name)
  return new Request(request, { headers })
}

const withBody = (response: Response, body: string, headers = response.headers): Response =>
  new Response(body, { status: response.status, headers })

const changedHeader = (response: Response, name: string, value: string): Headers => {
  const headers = new Headers(response.headers)
  headers.set(name, value)
  return headers
}

/** Answers every operation at this path by the first answer it got. */
const remember =
  (path: string): Fault =>
  ({ send }) => {
    let first: Response | undefined
    return {
      send: async (request) => {
        if (!request.url.endsWith(path)) return send(request)
        first ??= await send(request)
        return first.clone()
      },
    }
  }

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

test.each(faults)('an agent that %s fails the case %s', async (_what, id, fault) => {
  const conformanceCase = conformanceCases.find((each) => each.id === id)
  if (conformanceCase === undefined) throw new Error(`there is no case ${id}`)
  const subject = createMockSubject()
  expect(await runCase(conformanceCase, subject)).toEqual({ status: 'passed' })
  const faulty = createMockSubject()
  const outcome = await runCase(conformanceCase, { ...faulty, ...fault(faulty) })
  expect(outcome).toMatchObject({ status: 'failed', cause: { name: 'ConformanceFailure' } })
})

// Answers of an authorization server that make no sense: nothing that was received is lost, and each gets a documented answer.
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { createOAuthAgent } from '../../src/agent/oauth-agent.ts'
import type { OAuthAgent } from '../../src/agent/oauth-agent.ts'
import type { Fetch } from '../../src/ports.ts'
import { sealerOf } from '../../src/sealing/configured-sealer.ts'
import { sessionName } from '../support/answers.ts'
import { createTestAuthorizationServer } from '../support/authorization-server.ts'
import { createBrowser } from '../support/browser.ts'
import { noLog } from '../support/no-log.ts'
import { issuer, metadata } from '../support/provider.ts'
import { createTestConfiguration } from '../support/world.ts'
import { fuzz, FUZZ_TIMEOUT } from './fuzz.ts'

/** Documented answers of the agent; 500 is not among them. */
const documented = [200, 400, 401, 502, 503]

const now = Date.now
const configuration = createTestConfiguration({ configuration: { exposeErrorDetails: false } })
const pushing = createTestConfiguration({
  configuration: { client: { pushedAuthorizationRequests: true }, exposeErrorDetails: false },
})
const server = await createTestAuthorizationServer({ now })

/** A value that a careless server may write for any member. */
const odd = fc.oneof(
  fc.constantFrom(
    null,
    '',
    0,
    -1,
    1e308,
    true,
    [],
    {},
    ['openid'],
    'null',
    '300',
    'DPoP',
    'bearer',
  ),
  fc.jsonValue({ maxDepth: 1 }),
)

/** Any status but those of redirects and informational answers, success more often. */
const status = fc.oneof(
  fc.constant(200),
  fc.constantFrom(201, 202, 301, 400, 401, 403, 404, 429, 500, 503),
)

const contentType = fc.constantFrom('application/json', 'text/html', 'application/problem+json', '')

const errorCode = fc.constantFrom(
  'invalid_grant',
  'server_error',
  'login_required',
  'invalid_client',
  'x y',
)

interface Answered {
  readonly status: number
  readonly contentType: string
  readonly text: string
}

const toResponse = ({ status: code, contentType: type, text }: Answered): Response =>
  new Response(text, { status: code, headers: type === '' ? {} : { 'content-type': type } })

/** Members of a good answer, of which some are missing, odd or joined by others; sometimes no JSON at all. */
const answers = (good: Readonly<Record<string, unknown>>): fc.Arbitrary<Answered> => {
  const member = (value: unknown) =>
    fc.oneof({ arbitrary: fc.constant(value), weight: 4 }, { arbitrary: odd, weight: 1 })
  const names = Object.fromEntries(
    Object.entries(good).map(([name, value]) => [name, member(value)]),
  )
  const object = fc
    .tuple(fc.record(names, { requiredKeys: [] }), fc.option(fc.tuple(errorCode, odd), { freq: 4 }))
    .map(([members, error]) =>
      JSON.stringify(
        error === null ? members : { ...members, error: error[0], error_description: error[1] },
      ),
    )
  const text = fc.oneof(
    { arbitrary: object, weight: 8 },
    { arbitrary: object.map((whole) => whole.slice(0, -2)), weight: 1 },
    { arbitrary: fc.oneof(fc.json(), fc.string()), weight: 1 },
  )
  return fc.record({ status, contentType, text })
}

const send = (agent: OAuthAgent, cookie: string) =>
  agent(
    new Request('https://api.app.example/oauth-agent/refresh', {
      method: 'POST',
      headers: { origin: 'https://www.app.example', 'token-handler-version': '1', cookie },
    }),
  )

it(
  'a refresh token that was received is in the session cookie afterwards, whatever came with it',
  async () => {
    let answer: Answered = { status: 200, contentType: '', text: '' }
    const fetch: Fetch = (url) =>
      Promise.resolve(url === `${issuer}/token` ? toResponse(answer) : Response.json(metadata))
    const ports = { fetch, now, log: noLog }
    const agent = createOAuthAgent(configuration, ports)
    const sealer = sealerOf(configuration, {})
    const good = {
      access_token: 'an access token',
      token_type: 'Bearer',
      refresh_token: 'the next refresh token',
      expires_in: 300,
      refresh_token_expires_in: 1800,
      scope: 'openid',
      id_token: 'not.a.jwt',
    }
    let count = 0
    await fuzz(0.2, answers(good), async (next) => {
      answer = next
      const session = {
        refreshToken: `refresh token ${(count += 1)}`,
        claims: { sub: 'alice' },
        startedAt: now(),
        issuedAt: now(),
      }
      const response = await send(agent, `${sessionName}=${await sealer.seal('session', session)}`)
      expect(documented).toContain(response.status)
      const received = readReceived(next)
      if (received === undefined) return
      const [, value = ''] = /-session=([^;]*)/.exec(response.headers.getSetCookie().join()) ?? []
      expect(await sealer.open('session', value)).toMatchObject({ refreshToken: received })
    })
  },
  FUZZ_TIMEOUT,
)

/** The refresh token of an answer that is a success, or that says to come again later. */
function readReceived({ status: code, text }: Answered): string | undefined {
  try {
    const { refresh_token: token, error } = JSON.parse(text) ?? {}
    const isTransient = code === 429 || error === 'server_error'
    const isSuccess = (code >= 200 && code < 300) || isTransient
    return isSuccess && typeof token === 'string' && token !== '' ? token : undefined
  } catch {
    return undefined
  }
}

type Overrides = Readonly<Record<string, Answered>>

/** Signs in at a server with odd answers; resolves with the last status. */
async function signInAt(overrides: Overrides): Promise<number> {
  const fetch: Fetch = (url, init) => {
    const answer = overrides[url]
    return answer === undefined ? server.fetch(url, init) : Promise.resolve(toResponse(answer))
  }
  const browser = createBrowser(createOAuthAgent(pushing, { fetch, now, log: noLog }), () => {})
  const { status: started, body } = await browser.post('/login/start')
  if (started !== 200) return started
  const login = server.authenticate(String(body['authorization_url']))
  return (await browser.post('/login/end', login)).status
}

it(
  'a sign-in at a server whose metadata, keys or pushed requests make no sense ends with a documented answer',
  async () => {
    const keys = [{ kty: 'EC', crv: 'P-256', x: 'x', y: 'y', kid: 'k1' }]
    const places = {
      [`${issuer}/.well-known/openid-configuration`]: answers(metadata),
      [`${issuer}/jwks`]: answers({ keys }),
      [`${issuer}/par`]: answers({ request_uri: 'urn:example:0', expires_in: 60 }),
    }
    await fuzz(0.05, fc.record(places, { requiredKeys: [] }), async (overrides) => {
      expect(documented).toContain(await signInAt(overrides))
    })
  },
  FUZZ_TIMEOUT,
)

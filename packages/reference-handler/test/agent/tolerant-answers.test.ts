// Answers of authorization servers as real ones write them, read as what they mean.
import { describe, expect, it } from 'vitest'
import type { Answer } from '../support/authorization-server.ts'
import type { WorldOptions } from '../support/world.ts'
import { createWorld, signIn } from '../support/world.ts'

const answer =
  (body: unknown, status: number, headers: Readonly<Record<string, string>> = {}): Answer =>
  () =>
    new Response(typeof body === 'string' ? body : JSON.stringify(body), {
      status,
      headers: { 'content-type': 'application/json', ...headers },
    })

async function refreshWith(body: Answer, options: WorldOptions = {}) {
  const world = await createWorld(options)
  await signIn(world, world.browser)
  world.server.override('token', body)
  const result = await world.browser.post('/refresh')
  return { ...result, world, keepsCookies: world.browser.cookies.size > 0 }
}

async function signInWith(tokenAnswer: Readonly<Record<string, unknown>>) {
  const world = await createWorld({ tokenAnswer })
  return await signIn(world, world.browser)
}

const challenge = { 'www-authenticate': 'Bearer realm="example", error="invalid_grant"' }

describe('a refresh ends the session', () => {
  const ends: [string, Answer][] = [
    ['400 with a Bearer challenge', answer({ error: 'invalid_grant' }, 400, challenge)],
    [
      '401 with a Basic challenge',
      answer({ error: 'invalid_grant' }, 401, { 'www-authenticate': 'Basic' }),
    ],
    ['200', answer({ error: 'invalid_grant' }, 200)],
    ['500', answer({ error: 'invalid_grant' }, 500)],
    [
      'another content type',
      answer({ error: 'invalid_grant' }, 400, { 'content-type': 'text/html' }),
    ],
    ['empty members beside it', answer({ access_token: null, error: 'invalid_grant' }, 200)],
  ]
  it.each(ends)('that is refused with invalid_grant and %s', async (_, refusal) => {
    const { status, body, keepsCookies } = await refreshWith(refusal)
    expect({ status, code: body['error_code'] }).toEqual({ status: 401, code: 'session_expired' })
    expect(keepsCookies).toBe(false)
  })

  it.each([
    'interaction_required',
    'login_required',
    'consent_required',
    'account_selection_required',
  ])('that needs the user: %s', async (error) => {
    const { status, body } = await refreshWith(answer({ error }, 400))
    expect({ status, code: body['error_code'] }).toEqual({ status: 401, code: 'session_expired' })
  })

  it.each<[string, Answer]>([
    ['an empty body', answer('', 400)],
    ['another error', answer({ error: 'invalid_request' }, 400)],
  ])('that is refused with %s, where refresh.endsOn is refusal', async (_, refusal) => {
    const configuration = { refresh: { endsOn: 'refusal' as const } }
    const { status, body } = await refreshWith(refusal, { configuration })
    expect({ status, code: body['error_code'] }).toEqual({ status: 401, code: 'session_expired' })
  })
})

describe('a refresh keeps the session', () => {
  const mistakes: [string, Answer][] = [
    ['invalid_client', answer({ error: 'invalid_client' }, 401, { 'www-authenticate': 'Basic' })],
    ['an empty body', answer('', 400)],
    [
      'a problem document',
      answer({ title: 'no' }, 400, { 'content-type': 'application/problem+json' }),
    ],
  ]
  it.each(mistakes)('that is refused with %s, as an authorization error', async (_, refusal) => {
    const { status, body, keepsCookies } = await refreshWith(refusal)
    expect({ status, code: body['error_code'] }).toEqual({
      status: 400,
      code: 'authorization_error',
    })
    expect(keepsCookies).toBe(true)
  })

  it('that is refused for the client, even where refresh.endsOn is refusal', async () => {
    const configuration = { refresh: { endsOn: 'refusal' as const } }
    const { body } = await refreshWith(answer({ error: 'invalid_client' }, 401), { configuration })
    expect(body['error_code']).toBe('authorization_error')
  })

  const transient: [string, Answer][] = [
    ['429 and any error', answer({ error: 'access_denied' }, 429, { 'retry-after': '7' })],
    [
      '400 temporarily_unavailable',
      answer({ error: 'temporarily_unavailable' }, 400, { 'retry-after': '7' }),
    ],
    ['400 server_error', answer({ error: 'server_error' }, 400, { 'retry-after': '7' })],
    ['503 and a page', answer('down', 503, { 'content-type': 'text/plain', 'retry-after': '7' })],
    [
      '500 and the name of the status',
      answer({ error: 'Internal.Server.Error' }, 500, { 'retry-after': '7' }),
    ],
  ]
  it.each(transient)('that meets %s, and hands Retry-After on', async (_, refusal) => {
    const { status, body, headers, keepsCookies } = await refreshWith(refusal)
    expect({ status, code: body['error_code'] }).toEqual({
      status: 502,
      code: 'authorization_server_error',
    })
    expect(headers.get('retry-after')).toBe('7')
    expect(keepsCookies).toBe(true)
  })

  it('and hands on a Retry-After that is a date, but nothing else', async () => {
    const date = 'Sun, 29 Nov 2026 10:00:00 GMT'
    const dated = await refreshWith(answer('', 503, { 'retry-after': date }))
    expect(dated.headers.get('retry-after')).toBe(date)
    const odd = await refreshWith(answer('', 503, { 'retry-after': 'soon; x=1' }))
    expect(odd.headers.get('retry-after')).toBeNull()
  })

  it.each([
    ['refresh_token', null],
    ['refresh_token', ''],
    ['id_token', null],
    ['id_token', ''],
    ['scope', null],
    ['scope', ['openid', 'profile']],
    ['expires_in', null],
    ['expires_in', '300'],
  ])('whose answer has %s: %j', async (name, value) => {
    const body = { access_token: 'new', token_type: 'Bearer', [name]: value }
    const { status } = await refreshWith(answer(body, 200))
    expect(status).toBe(200)
  })
})

it.each([
  ['429', 429, undefined],
  ['an error that may pass', 200, 'server_error'],
  ['invalid_grant', 200, 'invalid_grant'],
])('tokens that were received are kept, even beside %s', async (_, status, error) => {
  const body = { access_token: 'new', token_type: 'Bearer', refresh_token: 'next', error }
  const result = await refreshWith(answer(body, status))
  expect(result.status).toBe(200)
})

describe('a login ends with a session', () => {
  it('when its answer has a refresh token of null', async () => {
    expect((await signInWith({ refresh_token: null })).status).toBe(200)
  })

  it.each([
    [{ refresh_token_timeout: 1800 }, 1800],
    [{ authorization_expires_in: 1200 }, 1200],
    [{ refresh_token_timeout: 1800, authorization_expires_in: 1200 }, 1200],
    [{ refresh_token_expires_in: 0, refresh_token_timeout: 600 }, 600],
  ])('that lives as long as %j says', async (lifetimes, seconds) => {
    const { setCookies } = await signInWith(lifetimes)
    expect(setCookies.join()).toContain(`Max-Age=${seconds};`)
  })

  it('that lives as long as its refresh token, written as text', async () => {
    const { setCookies } = await signInWith({ refresh_expires_in: '1800' })
    expect(setCookies.join()).toContain('Max-Age=1800')
  })
})

it('an error with status 200 ends a login, by its code', async () => {
  const world = await createWorld()
  const { body } = await world.browser.post('/login/start')
  const callback = world.server.authenticate(String(body['authorization_url']))
  world.server.override('token', answer({ error: 'bad_verification_code' }, 200))
  const result = await world.browser.post('/login/end', callback)
  expect(result).toMatchObject({ status: 400, body: { error_code: 'authorization_error' } })
  expect(world.lines.join()).toContain('bad_verification_code')
})

it('a refusal of the client says which settings to check', async () => {
  const { body } = await refreshWith(answer({ error: 'invalid_client' }, 401))
  expect(body['detailed_error']).toContain('client_secret_post')
})

it('an answer of 204 to a revocation is a success', async () => {
  const world = await createWorld()
  await signIn(world, world.browser)
  world.server.override('revocation', () => new Response(null, { status: 204 }))
  await world.browser.post('/logout')
  expect(world.lines.join()).not.toContain('not revoked')
})

it('Basic credentials leave letters, digits and * - . _ as they are', async () => {
  const id = '51327a78-df55-4b84-a0e7-46dfede77879'
  const secret = 'a_secret.with-marks*0123456789 and:more'
  const world = await createWorld({ configuration: { client: { id, secret } } })
  const sent: string[] = []
  world.server.override('token', (_url, { headers }) => {
    const authorization = new Headers(headers).get('authorization') ?? ''
    sent.push(atob(authorization.slice('Basic '.length)))
    return Response.json({ error: 'invalid_grant' }, { status: 400 })
  })
  const { body } = await world.browser.post('/login/start')
  await world.browser.post(
    '/login/end',
    world.server.authenticate(String(body['authorization_url'])),
  )
  expect(sent).toEqual([`${id}:a_secret.with-marks*0123456789+and%3Amore`])
})

describe('a scope with offline_access', () => {
  const configuration = { client: { scope: 'openid offline_access' } }
  const warning = 'no refresh token came'

  it('and no refresh token is warned of once, with the mend', async () => {
    const world = await createWorld({ configuration, refreshTokens: false })
    await signIn(world, world.browser)
    await signIn(world, world.browser)
    const warnings = world.lines.filter((line) => line.includes(warning))
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toContain('client.extraParameters')
  })

  it('and a refresh token is not, nor is a scope that does not ask for one', async () => {
    const world = await createWorld({ configuration })
    await signIn(world, world.browser)
    const other = await createWorld({ refreshTokens: false })
    await signIn(other, other.browser)
    expect([...world.lines, ...other.lines].join()).not.toContain(warning)
  })
})

// What never reaches an operation, and what every answer looks like.
import { agentErrorStatus, cookieName, DEFAULT_COOKIE_PREFIX } from '@token-handler/contract'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { agentUrl, spaOrigin } from '../support/browser.ts'
import { createWorld, signIn } from '../support/world.ts'

const operations = [
  ['GET', '/session'],
  ['POST', '/login/start'],
  ['POST', '/login/end'],
  ['POST', '/refresh'],
  ['POST', '/logout'],
] as const

const form = 'application/x-www-form-urlencoded'

describe.each(operations)('%s %s', (method, path) => {
  it.each(['https://evil.example', 'https://api.app.example', 'null', 'http://www.app.example'])(
    'refuses the origin %s and lets it read nothing',
    async (origin) => {
      const { browser } = await createWorld()
      const answer = await browser.send(method, path, { headers: { origin } })
      expect(answer).toMatchObject({ status: 403, body: { error_code: 'untrusted_request' } })
      expect(answer.headers.has('access-control-allow-origin')).toBe(false)
      expect(answer.headers.has('access-control-allow-credentials')).toBe(false)
      expect(answer.setCookies).toEqual([])
    },
  )

  it('refuses a request without the version header', async () => {
    const { browser } = await createWorld()
    const headers = { 'token-handler-version': undefined }
    const answer = await browser.send(method, path, { headers })
    expect(answer).toMatchObject({ status: 403, body: { error_code: 'untrusted_request' } })
    expect(answer.headers.get('access-control-allow-origin')).toBe(spaOrigin)
  })

  it.each(['PUT', 'DELETE', 'PATCH', 'HEAD', method === 'GET' ? 'POST' : 'GET'])(
    'refuses the method %s',
    async (other) => {
      const { browser } = await createWorld()
      const answer = await browser.send(other, path)
      expect(answer.status).toBe(405)
      expect(answer.headers.get('allow')).toBe(`${method}, OPTIONS`)
    },
  )

  it('answers the SPA’s preflight, and grants nobody else anything', async () => {
    const { browser } = await createWorld()
    const answer = await browser.send('OPTIONS', path)
    expect(answer).toMatchObject({ status: 204, text: '' })
    expect(answer.headers.get('access-control-allow-origin')).toBe(spaOrigin)
    expect(answer.headers.get('access-control-allow-methods')).toBe(method)
    expect(answer.headers.get('access-control-allow-headers')).toContain('token-handler-version')
    const stranger = { headers: { origin: 'https://evil.example' } }
    const refused = await browser.send('OPTIONS', path, stranger)
    expect([...refused.headers.keys()].filter((name) => name.startsWith('access'))).toEqual([])
  })

  it('refuses two cookies of one name, except for signing out', async () => {
    const { browser } = await createWorld()
    const name = cookieName(DEFAULT_COOKIE_PREFIX, 'session')
    const headers = { cookie: `${name}=a; ${name}=b` }
    const { status } = await browser.send(method, path, { headers })
    expect(status).toBe(path === '/logout' ? 200 : 400)
  })

  it('answers as JSON that nothing may keep', async () => {
    const { browser } = await createWorld()
    for (const headers of [{}, { origin: 'https://evil.example' }]) {
      const answer = await browser.send(method, path, { headers })
      expect(answer.headers.get('content-type')).toBe('application/json')
      expect(answer.headers.get('cache-control')).toBe('no-store')
      expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
      expect(answer.headers.get('vary')).toBe('*')
    }
  })
})

describe.each(operations.slice(1))('the body of %s %s', (method, path) => {
  it('is refused over 16 KB', async () => {
    const { browser } = await createWorld()
    const body = new URLSearchParams({ prompt: 'x'.repeat(16_384) })
    const answer = await browser.send(method, path, { body })
    expect(answer).toMatchObject({ status: 413, body: { error_code: 'payload_too_large' } })
  })

  it.each(['application/json', 'text/plain', 'multipart/form-data'])(
    'is refused as %s',
    async (contentType) => {
      const { browser } = await createWorld()
      const headers = { 'content-type': contentType }
      const answer = await browser.send(method, path, { headers, body: '{}' })
      expect(answer).toMatchObject({ status: 415, body: { error_code: 'unsupported_media_type' } })
    },
  )

  it('is refused when it breaks off, which is no fault of the agent', async () => {
    const { agent, lines } = await createWorld()
    const broken = new ReadableStream({ pull: () => Promise.reject(new Error('aborted')) })
    const headers = { origin: spaOrigin, 'token-handler-version': '1', 'content-type': form }
    const init: RequestInit & { duplex: 'half' } = { method, headers, body: broken, duplex: 'half' }
    const answer = await agent(new Request(agentUrl + path, init))
    expect(answer.status).toBe(400)
    expect(lines.join()).not.toContain('"level":"error"')
  })

  it('is refused with a parameter twice', async () => {
    const { browser } = await createWorld()
    const headers = { 'content-type': form }
    const answer = await browser.send(method, path, { headers, body: 'prompt=a&prompt=b' })
    expect(answer).toMatchObject({ status: 400, body: { error_code: 'invalid_request' } })
  })
})

describe('the path', () => {
  it.each([
    '',
    '/',
    '/sessions',
    '/session/',
    '/login',
    '/Session',
    '/session/../unknown',
    '/userinfo',
    '/backchannel-logout',
  ])('has to name an operation, unlike "%s"', async (path) => {
    const { browser } = await createWorld()
    const answer = await browser.send('GET', path)
    expect(answer).toMatchObject({ status: 404, body: { error_code: 'not_found' } })
    expect(answer.headers.get('access-control-allow-origin')).toBe(spaOrigin)
  })
})

describe('a GET by a page of the agent’s own origin', () => {
  it('passes without an origin, and not when another site sent it', async () => {
    const { browser } = await createWorld()
    const headers = { origin: undefined }
    expect(await browser.send('GET', '/session', { headers })).toMatchObject({ status: 200 })
    const crossSite = { origin: undefined, 'sec-fetch-site': 'cross-site' }
    expect(await browser.send('GET', '/session', { headers: crossSite })).toMatchObject({
      status: 403,
    })
  })
})

describe('whatever is sent', () => {
  const text = fc.oneof(fc.string(), fc.constantFrom('code', 'state', 'error', 'response', 'iss'))
  const cookie = fc
    .tuple(fc.constantFrom('at', 'session', 'login-x'), fc.stringMatching(/^[\w.-]{0,80}$/))
    .map(([role, value]) => `${DEFAULT_COOKIE_PREFIX}-${role}=${value}`)

  it('the answer is a result or a documented error', async () => {
    const { browser } = await createWorld()
    const documented: [number, unknown][] = [
      [200, undefined],
      ...Object.entries(agentErrorStatus).map(([code, status]): [number, string] => [status, code]),
    ]
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...operations),
        fc.array(fc.tuple(text, text), { maxLength: 5 }),
        fc.array(cookie, { maxLength: 4 }),
        async ([method, path], parameters, cookies) => {
          const body = new URLSearchParams(parameters)
          const answer = await browser.send(method, path, {
            headers: { cookie: cookies.join('; ') },
            ...(method === 'POST' && { body }),
          })
          expect(answer.status).toBeLessThan(500)
          expect(documented).toContainEqual([answer.status, answer.body['error_code']])
          expect(answer.headers.has('location')).toBe(false)
        },
      ),
    )
  })
})

describe('an error', () => {
  it('says nothing but its code unless details are exposed', async () => {
    const world = await createWorld({ configuration: { exposeErrorDetails: false } })
    expect((await world.browser.send('GET', '/nowhere')).text).toBe('{"error_code":"not_found"}')
    await signIn(world, world.browser)
  })
})

it('answers the preflight of a path without an operation, so that the page can read the 404', async () => {
  const { browser } = await createWorld()
  const headers = { 'access-control-request-method': 'POST' }
  const answer = await browser.send('OPTIONS', '/sesion', { headers })
  expect(answer.status).toBe(204)
  expect(answer.headers.get('access-control-allow-origin')).toBe(spaOrigin)
  expect(answer.headers.get('access-control-allow-methods')).toBe('GET, POST')
  const missing = await browser.send('POST', '/sesion')
  expect(missing).toMatchObject({ status: 404, body: { error_code: 'not_found' } })
  expect(missing.headers.get('access-control-allow-origin')).toBe(spaOrigin)
})

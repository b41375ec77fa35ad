// The Fetch handler by itself: what a configuration may not ask of it, and that a fault of ours is answered.
import * as fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { ConfigurationError } from '../../../src/configuration/configuration-error.ts'
import { parseConfiguration } from '../../../src/configuration/parse.ts'
import { createConsoleLog } from '../../../src/hosts/fetch/console-log.ts'
import { createFetchHandler } from '../../../src/hosts/fetch/fetch-handler.ts'
import { requireWhatFetchCan } from '../../../src/hosts/fetch/fetch-rules.ts'
import { readTarget } from '../../../src/proxy/target.ts'
import { noLog } from '../../support/no-log.ts'
import { validInput } from '../../configuration/valid-configuration.ts'

const ports = { fetch: () => Promise.reject(new Error('none')), now: Date.now, log: noLog }
const connection = { protocol: 'https' } as const
const upstream = 'https://api.example.com'

describe('a configuration that asks for what fetch cannot do', () => {
  it.each([
    ['routes[0].tls', { routes: [{ path: '/api', upstream, tls: { caFile: 'ca.pem' } }] }],
    ['routes[0].preserveHost', { routes: [{ path: '/api', upstream, preserveHost: true }] }],
    ['routes[0].webSocket', { routes: [{ path: '/api', upstream, webSocket: true }] }],
    [
      'authorizationServer.caFile',
      { authorizationServer: { ...validInput.authorizationServer, caFile: '/ca.pem' } },
    ],
    ['server.trustedProxies', { server: { trustedProxies: ['10.0.0.0/8'] } }],
    ['redis.url', { redis: { url: 'redis://localhost' } }],
  ])('is refused at the start: %s', (setting, input) => {
    const configuration = parseConfiguration({ ...validInput, ...input })
    const create = () => requireWhatFetchCan(configuration, {}, false)
    expect(create).toThrow(ConfigurationError)
    expect(create).toThrow(setting)
  })
})

describe('a handler', () => {
  const configuration = parseConfiguration({ ...validInput, routes: [{ path: '/api', upstream }] })

  it('answers a fault of its own with 500, and says nothing of it', async () => {
    const error = vi.fn()
    const serveFiles = () => Promise.reject(new Error('the disk is gone'))
    const log = { ...noLog, error }
    const handle = createFetchHandler(configuration, { ...ports, log }, { serveFiles })
    const answer = await handle(new Request('https://app.example/'), { connection })
    expect(answer.status).toBe(500)
    expect(await answer.text()).toBe('{"error_code":"server_error"}')
    expect(error).toHaveBeenCalledOnce()
  })

  it('judges the raw target where its host has one', async () => {
    const handle = createFetchHandler(configuration, ports)
    const target = '/api/../admin'
    const request = new Request(new URL(target, 'https://app.example'))
    const headers = ['host', 'app.example', 'token-handler-version', '1']
    expect((await handle(request, { connection, target, headers })).status).toBe(400)
  })

  it('lets pages read that there is nothing at a path', async () => {
    const handle = createFetchHandler(configuration, ports)
    const origin = validInput.trustedOrigins[0] ?? ''
    const headers = { origin, 'access-control-request-method': 'GET' }
    const preflight = new Request('https://app.example/nothing', { method: 'OPTIONS', headers })
    const allowed = await handle(preflight, { connection })
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([
      204,
      origin,
    ])
    const missing = await handle(new Request('https://app.example/nothing'), { connection })
    expect(missing.status).toBe(404)
  })

  it.each([
    [204, null],
    [304, '5'],
  ])('hands the length that an API states with %s on as %s', async (status, length) => {
    const routes = [{ path: '/api', upstream, session: 'optional' }] as const
    const send = async () => new Response(null, { status, headers: { 'content-length': '5' } })
    const handle = createFetchHandler(parseConfiguration({ ...validInput, routes }), ports, {
      send,
    })
    const headers = { origin: validInput.trustedOrigins[0] ?? '', 'token-handler-version': '1' }
    const answer = await handle(new Request('https://app.example/api/a', { headers }), {
      connection,
    })
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-length')).toBe(length)
  })

  it('lets pages read that a path is refused', async () => {
    const handle = createFetchHandler(configuration, ports)
    const origin = validInput.trustedOrigins[0] ?? ''
    const url = 'https://app.example/api/a%2Fb'
    const headers = { origin, 'access-control-request-method': 'GET' }
    const allowed = await handle(new Request(url, { method: 'OPTIONS', headers }), { connection })
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([
      204,
      origin,
    ])
    const refused = await handle(new Request(url, { headers: { origin } }), { connection })
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([
      400,
      origin,
    ])
  })
})

it('URL parsing leaves the meaning of every path alone that the proxy lets through', () => {
  const characters = fc.constantFrom(
    ...'ab.~;=:@/\\%?#^|`{}<>"\' '.split(''),
    '%41',
    '%20',
    '%2e',
    '%2F',
    '%5c',
    '..',
    './',
    '//',
    '%C3%A9',
  )
  const targets = fc.array(characters, { maxLength: 12 }).map((parts) => `/${parts.join('')}`)
  fc.assert(
    fc.property(targets, (target) => {
      const read = readTarget(target)
      if (read.kind === 'hostile') return
      const { origin, pathname } = new URL(upstream + read.path + read.query)
      expect(origin).toBe(upstream)
      expect(decodeURIComponent(pathname)).toBe(read.decodedPath)
    }),
    { numRuns: 2000 },
  )
})

it('the log of a console writes no error’s members, no headers, and nothing below its level', () => {
  const out = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() }
  const log = createConsoleLog('warn', () => 5, out)
  log.info({}, 'left out')
  const err = Object.assign(new Error('broken'), { headers: { cookie: 'secret' } })
  log.error({ err, headers: { cookie: 'secret' } }, 'failed')
  log.warn({ err: 'secret' }, 'thrown')
  expect(out.info).not.toHaveBeenCalled()
  const lines = [...out.error.mock.calls, ...out.warn.mock.calls].flat().map(String)
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    {
      level: 'error',
      time: 5,
      msg: 'failed',
      err: { name: 'Error', message: 'broken' },
      headers: '[redacted]',
    },
    { level: 'warn', err: 'string', msg: 'thrown' },
  ])
  expect(lines.join('')).not.toContain('secret')
})

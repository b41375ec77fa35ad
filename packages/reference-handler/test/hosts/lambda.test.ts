// The function for AWS Lambda: what it reads of events, how it answers, and what becomes of answers beyond the limits.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { RequestListener, Server } from 'node:http'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { parseConfiguration } from '../../src/configuration/parse.ts'
import {
  createLambdaAuthorizer,
  createLambdaHandler,
  createStreamingHandler,
} from '../../src/hosts/lambda/index.ts'
import type { EventV1, EventV2, HttpEvent } from '../../src/hosts/lambda/index.ts'
import { readEvent } from '../../src/hosts/lambda/read-event.ts'
import { sealerOf } from '../../src/sealing/configured-sealer.ts'
import { sealProxyCookie } from '../../src/sealing/proxy-cookie.ts'
import { endedSessionsOf } from '../../src/store/ended-sessions.ts'
import { markOfUser } from '../../src/store/session-marks.ts'
import { validInput } from '../configuration/valid-configuration.ts'
import { hostileTargets, plainTargets } from '../proxy/targets.ts'
import { newKey } from '../support/dpop-keys.ts'
import { createMemoryStore } from '../support/memory-store.ts'

const origin = 'https://www.app.example'
const context = { getRemainingTimeInMillis: () => 25_000 }
const time = (milliseconds: number) => ({ getRemainingTimeInMillis: () => milliseconds })

let api: Server
let listener: RequestListener
const seen: string[] = []
let settings: object
let cookie: string
beforeAll(async () => {
  api = createServer((request, response) => {
    seen.push(request.url ?? '')
    listener(request, response)
  })
  await once(api.listen(0, '127.0.0.1'), 'listening')
  const address = api.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  settings = { ...validInput, routes: [{ path: '/api', upstream: `http://127.0.0.1:${port}/v1` }] }
  const sealer = sealerOf(parseConfiguration(settings), {})
  const sealed = await sealProxyCookie(sealer, { accessToken: 'token', issuedAt: Date.now() })
  cookie = `__Host-Http-th-at=${sealed}`
})
afterAll(() => {
  api.closeAllConnections()
  api.close()
})

const log = () => ({ debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() })

function create(more: object = {}) {
  const written = log()
  const handler = createLambdaHandler({
    settings: { ...settings, ...more },
    environment: {},
    log: written,
  })
  return { handler, log: written }
}

const headers = () => ({ host: 'api.app.example', origin, 'token-handler-version': '1' })

const functionUrl = (rawPath: string, change: Partial<EventV2> = {}): EventV2 => ({
  version: '2.0',
  rawPath,
  rawQueryString: '',
  cookies: [cookie],
  headers: headers(),
  requestContext: {
    domainName: 'abc.lambda-url.eu-central-1.on.aws',
    stage: '$default',
    http: { method: 'GET', sourceIp: '192.0.2.1' },
  },
  ...change,
})

const httpApi = (rawPath: string, stage = '$default'): EventV2 =>
  functionUrl(rawPath, {
    requestContext: { domainName: 'api.app.example', stage, http: { method: 'GET' } },
  })

const balancer = (path: string, isMultiValue: boolean): EventV1 => {
  const lines = { ...headers(), cookie, 'x-forwarded-for': 'forged, 192.0.2.1' }
  const multiValueHeaders = Object.fromEntries(
    Object.entries(lines).map(([name, value]) => [name, [value]]),
  )
  return {
    httpMethod: 'GET',
    path,
    requestContext: { elb: {} },
    ...(isMultiValue ? { multiValueHeaders } : { headers: lines }),
  }
}

const json =
  (text: string): RequestListener =>
  (_request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(text)
  }

describe('a target', () => {
  it.each(hostileTargets)(
    'of a function URL is refused when it has %s: %s',
    async (_title, target) => {
      listener = json('{}')
      seen.length = 0
      const [path = '', ...query] = target.split('?')
      const event = functionUrl(path, { rawQueryString: query.join('?') })
      const answer = await create().handler(event, context)
      expect([answer.statusCode, answer.body]).toEqual([400, '{"error_code":"invalid_request"}'])
      expect(seen).toEqual([])
    },
  )

  it.each(plainTargets)(
    'of a function URL reaches the API as it came: %s',
    async (_title, target) => {
      listener = json('{}')
      seen.length = 0
      const [path = '', ...query] = target.split('?')
      const event = functionUrl(path, { rawQueryString: query.join('?') })
      expect((await create().handler(event, context)).statusCode).toBe(200)
      // Fetch percent-encodes an apostrophe in the path no more than a browser does, and drops an empty query.
      const expected = `/v1${target.slice('/api'.length)}`.replace(/\?$/, '')
      expect(seen.map((url) => url.replaceAll('%27', "'"))).toEqual([expected])
    },
  )

  it('that only URL parsing makes the agent’s is refused', async () => {
    const answer = await create().handler(functionUrl('/api/../oauth-agent/session'), context)
    expect([answer.statusCode, answer.body]).toEqual([400, '{"error_code":"invalid_request"}'])
  })

  it('of an HTTP API comes decoded, and is encoded again: what is judged is what is sent', () => {
    expect(readEvent(httpApi('/api/a b/ü?#%')).target).toBe('/api/a%20b/%C3%BC%3F%23%25')
    expect(readEvent(httpApi('/api/../admin')).target).toBe('/api/../admin')
    expect(readEvent(httpApi('/prod/api/orders', 'prod')).target).toBe('/api/orders')
    expect(readEvent(httpApi('/production/api', 'prod')).target).toBe('/production/api')
  })

  it('of a REST API has its query encoded again, and of a load balancer as it came', () => {
    const query = { multiValueQueryStringParameters: { q: ['a b', '&'] } }
    const rest = { httpMethod: 'GET', path: '/api', requestContext: {}, ...query }
    expect(readEvent(rest).target).toBe('/api?q=a%20b&q=%26')
    const elb = { ...rest, requestContext: { elb: {} } }
    expect(readEvent({ ...elb, multiValueQueryStringParameters: { q: ['a%20b'] } }).target).toBe(
      '/api?q=a%20b',
    )
  })
})

it('the address of a client is what AWS says, and never what the client does', () => {
  expect(readEvent(functionUrl('/api')).connection.address).toBe('192.0.2.1')
  expect(readEvent(balancer('/api', true)).connection.address).toBe('192.0.2.1')
})

describe('an answer', () => {
  it('is text where it is text, and base64 where it is not', async () => {
    listener = json('{"price":"5 €"}')
    const { handler } = create()
    const text = await handler(functionUrl('/api'), context)
    expect([text.body, text.isBase64Encoded]).toEqual(['{"price":"5 €"}', false])
    listener = (_request, response) => {
      response.setHeader('content-type', 'image/png')
      response.end(Buffer.from([0, 255]))
    }
    const image = await handler(functionUrl('/api'), context)
    expect([image.body, image.isBase64Encoded]).toEqual(['AP8=', true])
    listener = (_request, response) => {
      response.setHeader('content-type', 'text/plain; charset=latin1')
      response.end(Buffer.from([228]))
    }
    expect((await handler(functionUrl('/api'), context)).isBase64Encoded).toBe(true)
  })

  it('keeps its cookies apart, in the form of each source', async () => {
    listener = (_request, response) => {
      response.setHeader('set-cookie', ['a=1; Path=/', 'b=2', '__Host-Http-th-at=planted'])
      response.end()
    }
    const { handler } = create()
    const cookies = ['a=1; Path=/', 'b=2']
    expect((await handler(functionUrl('/api'), context)).cookies).toEqual(cookies)
    const several = await handler(balancer('/api', true), context)
    expect(several.multiValueHeaders?.['set-cookie']).toEqual(cookies)
  })

  const code = (written: ReturnType<typeof log>) =>
    written.error.mock.calls.map(([{ code }]) => code)

  it('of several cookies is none for a load balancer without multi value headers', async () => {
    listener = (_request, response) => response.setHeader('set-cookie', ['a=1', 'b=2']).end()
    const { handler, log } = create()
    const answer = await handler(balancer('/api', false), context)
    expect([answer.statusCode, answer.body]).toEqual([502, '{"error_code":"upstream_error"}'])
    expect(answer.headers?.['access-control-allow-origin']).toBe(origin)
    expect(code(log)).toEqual(['lambda_multi_value_headers'])
  })

  it.each([
    ['a function URL', () => functionUrl('/api'), 6_500_000],
    ['a load balancer', () => balancer('/api', true), 1_100_000],
  ])(
    'of %s with more bytes than AWS takes is 502',
    async (_title, event: () => HttpEvent, bytes) => {
      listener = json(`"${'x'.repeat(bytes)}"`)
      const { handler, log } = create({ exposeErrorDetails: true })
      const answer = await handler(event(), context)
      expect(answer.statusCode).toBe(502)
      expect(answer.body).toContain('lambda_answer_too_large')
      expect(code(log)).toEqual(['lambda_answer_too_large'])
    },
  )

  it('of an HTTP API with more headers than AWS takes is 502, and passes by a function URL', async () => {
    listener = (_request, response) => response.setHeader('x-large', 'x'.repeat(10_300)).end()
    const { handler, log } = create()
    expect((await handler(httpApi('/api'), context)).statusCode).toBe(502)
    expect(code(log)).toEqual(['lambda_headers_too_large'])
    expect((await handler(functionUrl('/api'), context)).statusCode).toBe(200)
  })

  it('comes before AWS ends the invocation: 504, be it the head or the body that is late', async () => {
    listener = () => {}
    const { handler, log } = create()
    const late = await handler(functionUrl('/api'), time(600))
    expect([late.statusCode, late.body]).toEqual([504, '{"error_code":"upstream_timeout"}'])
    listener = (_request, response) => response.write('an answer without end')
    expect((await handler(functionUrl('/api'), time(900))).statusCode).toBe(504)
    expect(code(log)).toEqual(['lambda_time_limit', 'lambda_time_limit'])
  })
})

describe('the start', () => {
  it('says that invocations share nothing, where there is no store', async () => {
    const { handler, log } = create()
    await handler(functionUrl('/oauth-agent/session'), context)
    expect(log.warn).toHaveBeenCalledWith(
      expect.objectContaining({
        code: 'lambda_no_store',
        page: expect.stringContaining('docs/errors'),
      }),
      'refreshes may fail',
    )
  })

  it('logs mistakes with their mends, and answers 500 until they are mended', async () => {
    const { handler, log } = create({ trustedOrigins: ['https://*.app.example'] })
    const answer = await handler(functionUrl('/api'), context)
    expect([answer.statusCode, answer.body]).toEqual([500, '{"error_code":"server_error"}'])
    expect(log.error.mock.calls[0]?.[1]).toContain('trustedOrigins')
  })

  it('of a function that streams needs Lambda’s runtime, and says so', () => {
    expect(() => createStreamingHandler()).toThrow(/createLambdaHandler elsewhere/)
  })
})

describe('the authorizer', () => {
  const authorize = (event: EventV2) =>
    createLambdaAuthorizer({ settings, environment: {}, log: log() })(event)

  it('hands out the header for the API', async () => {
    expect(await authorize(httpApi('/api/orders'))).toEqual({
      isAuthorized: true,
      context: { authorization: 'Bearer token', route: '/api' },
    })
  })

  it.each([
    ['no session', () => ({ ...httpApi('/api'), cookies: [] })],
    ['another path', () => httpApi('/admin')],
    ['a path that climbs', () => httpApi('/api/../admin')],
    [
      'another origin',
      () => ({ ...httpApi('/api'), headers: { ...headers(), origin: 'https://evil.example' } }),
    ],
  ])('refuses a request with %s', async (_title, event) => {
    expect(await authorize(event())).toEqual({ isAuthorized: false })
  })

  describe('with a store', () => {
    const withCookie = (sealed: string) => ({
      ...httpApi('/api'),
      cookies: [`__Host-Http-th-at=${sealed}`],
    })

    it('refuses a session that was ended from elsewhere, and says nothing about refreshes', async () => {
      const store = createMemoryStore(Date.now)
      const written = log()
      const authorizer = createLambdaAuthorizer({ settings, environment: {}, log: written, store })
      const configuration = parseConfiguration(settings)
      const marks = [await markOfUser('alice')]
      const sealed = await sealProxyCookie(sealerOf(configuration, {}), {
        accessToken: 'token',
        issuedAt: Date.now(),
        session: { startedAt: Date.now(), marks },
      })
      expect(await authorizer(withCookie(sealed))).toMatchObject({ isAuthorized: true })

      await endedSessionsOf(configuration, { now: Date.now, store })?.end(marks)

      await expect.poll(() => authorizer(withCookie(sealed))).toEqual({ isAuthorized: false })
      expect(written.warn).not.toHaveBeenCalled()
    })

    it('reads cookies whose access tokens are in the store', async () => {
      const store = createMemoryStore(Date.now)
      const session = { store: 'redis', idleTimeout: 3600 }
      const stored = { ...settings, session, redis: { url: 'redis://localhost' } }
      const sealer = sealerOf(parseConfiguration(stored), { now: Date.now, store })
      const sealed = await sealProxyCookie(sealer, { accessToken: 'kept', issuedAt: Date.now() })
      const authorizer = createLambdaAuthorizer({
        settings: stored,
        environment: {},
        log: log(),
        store,
      })
      expect(await authorizer(withCookie(sealed))).toMatchObject({
        context: { authorization: 'Bearer kept' },
      })
    })
  })

  it('says nothing about refreshes without a store: it makes none', async () => {
    const written = log()
    await createLambdaAuthorizer({ settings, environment: {}, log: written })(httpApi('/api'))
    expect(written.warn).not.toHaveBeenCalled()
  })

  it.each([
    [
      'client.dpopKeys',
      () => ({
        ...settings,
        client: { ...validInput.client, dpopKeys: [newKey.privateJwk] },
      }),
    ],
    [
      'profile',
      () => {
        const tls = { certificateFile: '/run/tls.crt', keyFile: '/run/tls.key' }
        const { secret: _, ...client } = validInput.client
        return {
          ...validInput,
          profile: 'fapi-2.0',
          authorizationServer: { ...validInput.authorizationServer, ...tls },
          client: {
            ...client,
            authentication: 'tls_client_auth',
            pushedAuthorizationRequests: true,
          },
          routes: [{ path: '/api', upstream: 'https://api.internal', tls }],
        }
      },
    ],
  ])(
    'refuses a configuration with bound access tokens, which it would hand out without a proof: %s',
    async (setting, bound) => {
      expect(() => parseConfiguration(bound())).not.toThrow()
      const written = log()
      const authorizer = createLambdaAuthorizer({
        settings: bound(),
        environment: {},
        log: written,
      })
      expect(await authorizer(httpApi('/api'))).toEqual({ isAuthorized: false })
      const [{ mistakes }, message] = written.error.mock.calls[0] ?? [{}]
      expect(mistakes).toEqual([
        {
          setting: expect.stringMatching(new RegExp(`^${setting} \\(`)),
          message: expect.stringContaining('docs/fapi.md'),
        },
      ])
      expect(message).toContain('createLambdaHandler')
      expect(message).not.toContain(newKey.privateJwk.d)
    },
  )
})

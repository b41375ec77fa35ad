// What the doctor finds from outside: place, CORS, cookies, gateways, caches and instances.
import { createServer } from 'node:http'
import { randomBytes } from 'node:crypto'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { close, listen } from '../../src/listening.ts'
import { makeCertificates } from './certificates.ts'
import type { Certificates } from './certificates.ts'
import { codesOf, useStack } from './fixture.ts'
import { startGateway } from './gateway.ts'
import type { GatewayOptions } from './gateway.ts'

const { outside, startHandler, stack } = useStack()
let certificates: Certificates
beforeAll(async () => {
  certificates = await makeCertificates(['api.app.localhost'])
})

const portOfStack = (): number => Number(new URL(stack().urls.handler).port)

/** The report through a gateway in front of the stack's handler. */
async function through(options: Partial<GatewayOptions>, path = '/oauth-agent') {
  const port = await startGateway({ targets: [portOfStack()], ...options })
  return await outside({ agentUrl: `http://api.app.localhost:${port}${path}` })
}

describe('the place', () => {
  test('on another scheme than the page', async () => {
    const port = await startGateway({ targets: [portOfStack()], tls: certificates })
    const report = await outside(
      { agentUrl: `https://api.app.localhost:${port}/oauth-agent` },
      { ca: certificates.ca },
    )
    expect(codesOf(report)).toEqual(['scheme_mismatch'])
  })

  test('on another site', async () => {
    const report = await outside({ origin: 'http://www.other.localhost:1' })
    expect(codesOf(report)).toEqual(['other_site', 'origin_not_trusted'])
  })

  test('with a certificate that nobody trusts', async () => {
    const port = await startGateway({ targets: [portOfStack()], tls: certificates })
    const agentUrl = `https://api.app.localhost:${port}/oauth-agent`
    const report = await outside({ agentUrl })
    expect(codesOf(report)).toContain('certificate_not_trusted')
  })

  test('where nothing listens', async () => {
    const report = await outside({ agentUrl: 'http://api.app.localhost:1/oauth-agent' })
    expect(codesOf(report)).toEqual(['no_connection'])
  })

  test('that leads elsewhere', async () => {
    const report = await through({
      onAnswer: (headers) => {
        headers['location'] = 'https://api.example.com/'
        return { status: 301, body: '' }
      },
    })
    expect(codesOf(report)).toEqual(['agent_redirects'])
  })
})

describe('the path', () => {
  test('is another one: the right one is named', async () => {
    const report = await outside({ agentUrl: `${stack().urls.handler}/auth` })
    expect(codesOf(report)).toEqual(['agent_not_found'])
    expect(report.findings[0]?.mend).toContain(stack().urls.agent)
  })

  test('is taken away by a gateway', async () => {
    const report = await through({ rewrite: (path) => path.replace(/^\/oauth-agent/, '') })
    expect(codesOf(report)).toEqual(['path_prefix_stripped'])
  })

  test('belongs to a server that answers everything with a page', async () => {
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html>')
    })
    onTestFinished(() => close(server))
    const port = await listen(server, { port: 0, service: 'a test', option: 'none' })
    const report = await outside({ agentUrl: `http://api.app.localhost:${port}/oauth-agent` })
    expect(codesOf(report)).toEqual(['agent_not_found'])
  })
})

describe('CORS', () => {
  test('of an origin that is not trusted', async () => {
    const origin = 'http://www.app.localhost:1'
    const report = await outside({ origin })
    expect(codesOf(report)).toEqual(['origin_not_trusted'])
    expect(report.findings[0]?.mend).toContain(origin)
  })

  test('headers that a gateway drops', async () => {
    const report = await through({
      onAnswer: (headers) => {
        for (const name of Object.keys(headers)) {
          if (name.startsWith('access-control-')) delete headers[name]
        }
        return undefined
      },
    })
    expect(codesOf(report)).toEqual(['cors_headers_missing'])
  })

  test('headers that a gateway drops from errors alone', async () => {
    const report = await through({
      onAnswer: (headers, { statusCode = 0 }) => {
        if (statusCode >= 400) delete headers['access-control-allow-origin']
        return undefined
      },
    })
    expect(codesOf(report)).toEqual(['cors_headers_missing'])
    expect(report.findings[0]?.cause).toContain('401')
  })

  test('a wildcard in place of the origin', async () => {
    const report = await through({
      onAnswer: (headers) => {
        headers['access-control-allow-origin'] = '*'
        return undefined
      },
    })
    expect(codesOf(report)).toEqual(['cors_headers_changed'])
  })

  test('a header twice', async () => {
    const report = await through({
      onAnswer: (headers) => {
        const lines: Record<string, unknown> = headers
        const origin = lines['access-control-allow-origin']
        if (typeof origin === 'string') lines['access-control-allow-origin'] = [origin, origin]
        return undefined
      },
    })
    expect(codesOf(report)).toEqual(['cors_headers_repeated'])
  })

  test('a gateway that allows every origin', async () => {
    const report = await through({
      onAnswer: (headers, answer) => {
        const { origin } = (
          answer as unknown as { req: { getHeaders: () => { origin?: string } } }
        ).req.getHeaders()
        if (origin !== undefined) headers['access-control-allow-origin'] = origin
        return undefined
      },
    })
    expect(codesOf(report)).toEqual(['cors_headers_changed'])
  })

  test('a preflight that a gateway answers itself', async () => {
    const report = await through({
      onAnswer: (headers, answer) => {
        const { method } = (answer as unknown as { req: { method: string } }).req
        if (method !== 'OPTIONS') return undefined
        delete headers['access-control-allow-headers']
        return { status: 204, body: '' }
      },
    })
    expect(codesOf(report)).toEqual(['preflight_refused'])
  })

  test('headers that are not exposed', async () => {
    const report = await through({
      onAnswer: (headers) => {
        delete headers['access-control-expose-headers']
        return undefined
      },
    })
    expect(codesOf(report)).toEqual(['headers_not_exposed'])
  })
})

describe('a gateway that strips', () => {
  test.each([
    ['origin', 'origin_stripped'],
    ['token-handler-version', 'version_header_stripped'],
    ['cookie', 'cookie_stripped'],
  ])('%s of requests', async (name, code) => {
    const report = await through({ onRequest: (headers) => void delete headers[name] })
    expect(codesOf(report)).toEqual([code])
  })

  test('Set-Cookie of answers', async () => {
    const report = await through({
      onAnswer: (headers) => {
        delete headers['set-cookie']
        return undefined
      },
    })
    expect(codesOf(report)).toEqual(['set_cookie_stripped'])
  })

  test('Cache-Control of answers', async () => {
    const report = await through({
      onAnswer: (headers) => {
        delete headers['cache-control']
        return undefined
      },
    })
    expect(codesOf(report)).toEqual(['cache_control_stripped'])
  })

  test('attributes of cookies', async () => {
    const report = await through({
      onAnswer: (headers) => {
        const cookies = headers['set-cookie']
        if (Array.isArray(cookies)) {
          headers['set-cookie'] = cookies.map((cookie) => `${cookie}; Domain=app.localhost`)
        }
        return undefined
      },
    })
    expect(codesOf(report)).toEqual(['cookie_changed'])
  })

  test('nothing, and adds the version header itself', async () => {
    const report = await through({
      onRequest: (headers) => void (headers['token-handler-version'] = '1'),
    })
    expect(codesOf(report)).toEqual(['version_header_added'])
  })

  test('the body of errors', async () => {
    const report = await through({
      onAnswer: (headers, { statusCode = 0 }) => {
        if (statusCode < 400) return undefined
        headers['content-type'] = 'text/html'
        return { status: statusCode, body: '<h1>Sorry</h1>' }
      },
    })
    expect(codesOf(report)).toEqual(['error_answers_replaced'])
  })

  test('requests with many cookies', async () => {
    expect(codesOf(await through({ maxHeaderSize: 8192 }))).toEqual(['header_limit'])
  })
})

test('a cache answers for the agent', async () => {
  expect(codesOf(await through({ caches: true }))).toEqual(['answers_cached'])
})

test('instances with different cookie secrets', async () => {
  const secrets = [randomBytes(48).toString('base64')]
  const other = await startHandler((input) => ({
    ...input,
    cookies: { ...input.cookies, secrets },
  }))
  const report = await through({ targets: [portOfStack(), other] })
  expect(codesOf(report)).toEqual(['different_cookie_secrets'])
})

test('an API that has no route', async () => {
  const { api, handler } = stack().urls
  expect(codesOf(await outside({ apiUrl: `${api}/orders` }))).toEqual([])
  const report = await outside({ apiUrl: `${handler}/orders` })
  expect(codesOf(report)).toEqual(['route_not_found'])
})

test('an authorization server that the handler cannot use', async () => {
  const port = await startHandler((input) => ({
    ...input,
    authorizationServer: { issuer: 'http://login.idp.localhost:1' },
  }))
  const report = await outside({ agentUrl: `http://api.app.localhost:${port}/oauth-agent` })
  expect(codesOf(report)).toEqual(['sign_in_cannot_start'])
  expect(report.findings[0]?.mend).toContain('--config')
})

test('a clock that is off', async () => {
  const report = await outside({}, { now: () => Date.now() - 7_200_000 })
  expect(codesOf(report)).toEqual(['clock_off'])
})

describe('where sessions are bound to devices', () => {
  const bound = () =>
    startHandler((input) => ({
      ...input,
      refresh: { freshFor: 5 },
      deviceBinding: { mode: 'offer' },
    }))
  const gateway = async (options: Partial<GatewayOptions>, isDeviceBound?: boolean) => {
    const port = await startGateway({ targets: [await bound()], ...options })
    const place = { agentUrl: `http://api.app.localhost:${port}/oauth-agent` }
    return await outside({ ...place, ...(isDeviceBound !== undefined && { isDeviceBound }) })
  }
  /** Answers in the agent's place; the doctor sends one request after the other. */
  const refuse = (status: number, when: (url: string) => boolean): Partial<GatewayOptions> => {
    let asked = ''
    return {
      onRequest: (_headers, { url = '' }) => {
        asked = url
      },
      onAnswer: () => (when(asked) ? { status, body: 'Refused.' } : undefined),
    }
  }

  test('nothing is wrong where nothing stands in between', async () => {
    expect(codesOf(await gateway({}))).toEqual([])
  })

  test('a rate limit that lets the first few through', async () => {
    let proofs = 0
    const isTooOften = (url: string) => url.endsWith('/dbsc/refresh') && (proofs += 1) > 5
    const report = await gateway(refuse(429, isTooOften))
    expect(codesOf(report)).toEqual(['device_binding_refused'])
    expect(report.findings[0]?.cause).toMatch(/dbsc\/refresh, .* was answered with 429/)
  })

  test('a gateway that knows the five operations alone', async () => {
    const unknown = refuse(404, (url) => url.includes('/dbsc/'))
    expect(codesOf(await gateway(unknown, true))).toEqual(['device_binding_refused'])
    // Without a word of the configuration, it may as well be switched off.
    expect(codesOf(await gateway(unknown))).toEqual([])
  })
})

// What the doctor finds from the inside: the authorization server, the client, the upstreams, the clock.
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Configuration } from '@token-handler/reference-handler'
import { close, listen, reservePort } from '../../src/listening.ts'
import { signIn } from '../authorization-client.ts'
import { createVisitor } from '../visitor.ts'
import { makeCertificates } from './certificates.ts'
import type { Certificates } from './certificates.ts'
import { codesOf, ports, useStack } from './fixture.ts'

const { inside, stack } = useStack()
let certificates: Certificates
beforeAll(async () => {
  certificates = await makeCertificates(['login.idp.localhost'])
})

const wish = { port: 0, service: 'a test', option: 'none' }

async function serve(listener: RequestListener, isTls = false): Promise<number> {
  const server = isTls ? createTlsServer(certificates, listener) : createServer(listener)
  onTestFinished(() => close(server))
  return await listen(server, wish)
}

async function freePort(): Promise<number> {
  const reserved = await reservePort()
  await reserved.close()
  return reserved.port
}

const withIssuer = (issuer: string) => (configuration: Configuration) => ({
  ...configuration,
  authorizationServer: { ...configuration.authorizationServer, issuer },
})
const withClient =
  (client: Partial<Configuration['client']>) => (configuration: Configuration) => ({
    ...configuration,
    client: { ...configuration.client, ...client },
  })
const withUpstream = (upstream: string) => (configuration: Configuration) => ({
  ...configuration,
  routes: configuration.routes.map((route) => ({ ...route, upstream })),
})

/** Serves metadata, changed. */
async function serveMetadata(change: (issuer: string) => object, status = 200): Promise<string> {
  let issuer = ''
  const port = await serve((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(change(issuer)))
  })
  issuer = `http://login.idp.localhost:${port}`
  return issuer
}

const soundMetadata = (issuer: string) => ({
  issuer,
  authorization_endpoint: `${issuer}/auth`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/jwks`,
  code_challenge_methods_supported: ['S256'],
})

describe('the issuer', () => {
  test('where nothing listens: the URL and the reason are named', async () => {
    const port = await freePort()
    const report = await inside(withIssuer(`http://login.idp.localhost:${port}`))
    expect(codesOf(report)).toEqual(['metadata_unreachable'])
    expect(report.findings[0]?.cause).toContain(
      `http://login.idp.localhost:${port}/.well-known/openid-configuration`,
    )
    expect(report.findings[0]?.cause).toContain('ECONNREFUSED')
  })

  test('with a path too many: the status, and where the metadata is', async () => {
    const { issuer } = stack().configuration.authorizationServer
    const report = await inside(withIssuer(`${issuer}/realms/x`))
    expect(codesOf(report)).toEqual(['metadata_status'])
    expect(report.findings[0]?.cause).toContain('404')
    expect(report.findings[0]?.mend).toContain(issuer)
  })

  test('that is the URL of the metadata', async () => {
    const { issuer } = stack().configuration.authorizationServer
    const report = await inside(withIssuer(`${issuer}/.well-known/openid-configuration`))
    expect(codesOf(report)).toEqual(['metadata_status'])
    expect(report.findings[0]?.mend).toContain(`authorizationServer.issuer to ${issuer}`)
  })

  test('that calls itself otherwise: both names', async () => {
    const issuer = await serveMetadata(() => soundMetadata('https://login.example.com'))
    const report = await inside(withIssuer(issuer))
    expect(codesOf(report)).toEqual(['issuer_mismatch'])
    expect(report.findings[0]?.cause).toContain('https://login.example.com')
    expect(report.findings[0]?.cause).toContain(issuer)
  })

  test('whose metadata does not list S256', async () => {
    const issuer = await serveMetadata((issuer) => ({
      ...soundMetadata(issuer),
      code_challenge_methods_supported: ['plain'],
    }))
    expect(codesOf(await inside(withIssuer(issuer)))).toContain('pkce_not_listed')
  })

  test.each([
    ['no JSON', 'a page'],
    ['no endpoints', {}],
  ])('that answers with %s', async (_what, body) => {
    const issuer = await serveMetadata((issuer) =>
      typeof body === 'string' ? [body] : { ...body, issuer },
    )
    expect(codesOf(await inside(withIssuer(issuer)))).toEqual(['metadata_unusable'])
  })

  test('whose certificate comes from an unknown authority', async () => {
    const port = await serve((_request, response) => response.end('{}'), true)
    const report = await inside(withIssuer(`https://login.idp.localhost:${port}`))
    expect(codesOf(report)).toEqual(['certificate_not_trusted'])
    expect(report.findings[0]?.mend).toContain('NODE_EXTRA_CA_CERTS')
  })
})

describe('the clock', () => {
  test.each([
    [2 * 3600, 'ahead of'],
    [-2 * 3600, 'behind'],
  ])('that is %i seconds off', async (seconds, direction) => {
    const report = await inside(undefined, { now: () => Date.now() + seconds * 1000 })
    expect(codesOf(report)).toEqual(['clock_off'])
    expect(report.findings[0]?.cause).toContain(direction)
    expect(report.findings[0]?.cause).toContain('2 hours')
  })
})

describe('the client', () => {
  test('with a wrong secret', async () => {
    const report = await inside(withClient({ secret: 'a wrong secret' }))
    expect(codesOf(report)).toEqual(['client_refused'])
    expect(report.findings[0]?.mend).toContain('client.secret')
  })

  test('that nobody knows', async () => {
    expect(codesOf(await inside(withClient({ id: 'spaa' })))).toContain('client_refused')
  })

  test('whose redirect URI is not registered', async () => {
    const redirectUri = `${stack().urls.spa}/cb`
    const report = await inside(withClient({ redirectUri }))
    expect(codesOf(report)).toEqual(['redirect_uri_refused'])
    expect(report.findings[0]?.mend).toContain(redirectUri)
  })

  test('that asks for a scope that does not exist', async () => {
    const report = await inside(withClient({ scope: 'openid planted' }))
    // This authorization server leaves unknown scopes out.
    expect(codesOf(report)).toEqual([])
  })
})

describe('an upstream', () => {
  test('where nothing listens', async () => {
    const upstream = `http://127.0.0.1:${await freePort()}`
    const report = await inside(withUpstream(upstream))
    expect(codesOf(report)).toEqual(['upstream_unreachable'])
    expect(report.findings[0]?.cause).toContain(upstream)
    expect(report.findings[0]?.cause).toContain('ECONNREFUSED')
  })

  test('whose certificate comes from an unknown authority', async () => {
    const port = await serve((_request, response) => response.end(), true)
    const report = await inside(withUpstream(`https://127.0.0.1:${port}`))
    expect(codesOf(report)).toEqual(['certificate_not_trusted'])
    expect(report.findings[0]?.about).toContain(`https://127.0.0.1:${port}`)
  })

  test('whose certificate is trusted', async () => {
    const port = await serve((_request, response) => response.end(), true)
    const report = await inside(withUpstream(`https://127.0.0.1:${port}`), { ca: certificates.ca })
    expect(codesOf(report)).toEqual([])
  })

  test('that speaks TLS, where plain http is configured', async () => {
    const port = await serve((_request, response) => response.end(), true)
    const report = await inside(withUpstream(`http://127.0.0.1:${port}`))
    expect(codesOf(report)).toEqual(['upstream_speaks_tls'])
  })
})

describe('with a sign-in', () => {
  const callback = (url: string) => signIn(createVisitor(), url).then(({ href }) => href)

  test('tokens that do not fit into cookies: their sizes', async () => {
    const report = await inside(
      (configuration) => ({
        ...configuration,
        cookies: { ...configuration.cookies, maxBytes: 1024 },
      }),
      { ...ports, signIn: callback },
    )
    expect(codesOf(report)).toEqual(['cookies_too_large'])
    expect(report.findings[0]?.cause).toMatch(/__Host-Http-th-at has \d+ bytes/)
  })

  test('that ends well, nothing is found', async () => {
    const report = await inside(undefined, { signIn: callback })
    expect(codesOf(report)).toEqual([])
    expect(report.notes.join('\n')).toMatch(/sign-in/)
  })

  test('that the authorization server refuses', async () => {
    const report = await inside(undefined, {
      signIn: async (url) => {
        const state = new URL(url).searchParams.get('state') ?? ''
        const { redirectUri } = stack().configuration.client
        return `${redirectUri}?${new URLSearchParams({ error: 'access_denied', state, iss: stack().urls.authorizationServer })}`
      },
    })
    expect(codesOf(report)).toEqual(['sign_in_failed'])
    expect(report.findings[0]?.cause).toContain('access_denied')
  })
})

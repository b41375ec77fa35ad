// Good deployments, about which the doctor says nothing.
import { describe, expect, test } from 'vitest'
import { makeCertificates } from './certificates.ts'
import { useStack } from './fixture.ts'
import { reservePort } from '../../src/listening.ts'
import { startGateway } from './gateway.ts'

const { inside, outside, startHandler, stack } = useStack()
const portOfStack = (): number => Number(new URL(stack().urls.handler).port)
const nothing = { findings: [] }

describe('nothing is found', () => {
  test('from the inside', async () => {
    expect(await inside()).toMatchObject(nothing)
  })

  test('in the local stack, across origins', async () => {
    expect(await outside()).toMatchObject(nothing)
  })

  test('on one origin behind a gateway', async () => {
    const reserved = await reservePort()
    const origin = `http://www.app.localhost:${reserved.port}`
    const handler = await startHandler((input) => ({
      ...input,
      client: { ...input.client, redirectUri: `${origin}/callback` },
      trustedOrigins: [origin],
    }))
    await reserved.close()
    await startGateway({ targets: [handler], port: reserved.port })
    const place = { agentUrl: `${origin}/oauth-agent`, origin }
    expect(await outside(place)).toMatchObject(nothing)
  })

  test('over https, with an authority of its own', async () => {
    const certificates = await makeCertificates(['api.app.localhost'])
    const origin = 'https://www.app.localhost'
    const handler = await startHandler((input) => ({
      ...input,
      client: { ...input.client, redirectUri: `${origin}/callback` },
      trustedOrigins: [origin],
    }))
    const port = await startGateway({ targets: [handler], tls: certificates })
    const agentUrl = `https://api.app.localhost:${port}/oauth-agent/`
    expect(await outside({ agentUrl, origin }, { ca: certificates.ca })).toMatchObject(nothing)
  })

  test('with several instances that share their secrets', async () => {
    const other = await startHandler()
    const port = await startGateway({ targets: [portOfStack(), other] })
    const agentUrl = `http://api.app.localhost:${port}/oauth-agent`
    expect(await outside({ agentUrl })).toMatchObject(nothing)
  })

  test('with a cookie prefix, a domain and a path of its own', async () => {
    const port = await startHandler((input) => ({
      ...input,
      agentPath: '/auth/agent',
      cookies: { ...input.cookies, prefix: '__Secure-shop', domain: 'app.localhost' },
    }))
    const agentUrl = `http://api.app.localhost:${port}/auth/agent`
    expect(await outside({ agentUrl })).toMatchObject(nothing)
  })

  test('with pushed requests and signed responses', async () => {
    const port = await startHandler((input) => ({
      ...input,
      client: { ...input.client, responseMode: 'jwt' },
    }))
    const agentUrl = `http://api.app.localhost:${port}/oauth-agent`
    const report = await outside({ agentUrl })
    expect(report).toMatchObject(nothing)
    expect(report.notes.join('\n')).toContain('signed')
  })
})

// Where the metadata is found, and what is said of metadata that cannot be used.
import { describe, expect, it } from 'vitest'
import { clientId, clientSecret, issuer, metadata } from '../support/provider.ts'
import type { Fetch } from '../../src/ports.ts'
import { createOAuthAgent } from '../../src/agent/oauth-agent.ts'
import { parseConfiguration } from '../../src/configuration/parse.ts'
import { createBrowser, spaOrigin } from '../support/browser.ts'
import { noLog } from '../support/no-log.ts'

const openId = `${issuer}/.well-known/openid-configuration`

async function startAt(answers: Readonly<Record<string, Response>>, configured: string = issuer) {
  const asked: string[] = []
  const fetch: Fetch = (url) => {
    asked.push(url)
    return Promise.resolve(answers[url] ?? new Response('no', { status: 404 }))
  }
  const configuration = parseConfiguration({
    authorizationServer: { issuer: configured },
    client: { id: clientId, secret: clientSecret, redirectUri: 'https://www.app.example/cb' },
    cookies: { secrets: ['a cookie secret with enough randomness'] },
    trustedOrigins: [spaOrigin],
    exposeErrorDetails: true,
  })
  const agent = createOAuthAgent(configuration, { fetch, now: Date.now, log: noLog })
  const { status, body, headers } = await createBrowser(agent, () => undefined).post('/login/start')
  return { asked, status, headers, details: String(body['detailed_error']) }
}

describe('metadata', () => {
  it.each([
    ['', `${issuer}/.well-known/oauth-authorization-server`],
    ['/tenant', `${issuer}/.well-known/oauth-authorization-server/tenant`],
  ])('of RFC 8414 is read where there is none of OpenID Connect%s', async (path, url) => {
    const answer = Response.json({ ...metadata, issuer: `${issuer}${path}` })
    const { status, asked } = await startAt({ [url]: answer }, `${issuer}${path}`)
    expect(status).toBe(200)
    expect(asked).toEqual([`${issuer}${path}/.well-known/openid-configuration`, url])
  })

  it('of RFC 8414 is not asked for while that of OpenID Connect is down', async () => {
    const { asked, status, headers } = await startAt({
      [openId]: new Response('', { status: 503, headers: { 'retry-after': '9' } }),
    })
    expect({ asked, status, retryAfter: headers.get('retry-after') }).toEqual({
      asked: [openId],
      status: 502,
      retryAfter: '9',
    })
  })

  it('may have null and empty members, and any content type', async () => {
    const body = JSON.stringify({ ...metadata, end_session_endpoint: null, jwks_uri: '' })
    const { status } = await startAt({
      [openId]: new Response(body, { headers: { 'content-type': 'text/plain' } }),
    })
    expect(status).toBe(200)
  })

  it('that is nowhere is explained with its URL and status', async () => {
    const { status, details } = await startAt({})
    expect(status).toBe(502)
    expect(details).toContain(`its metadata at ${openId} was answered with 404`)
  })

  it.each(['/', `${openId}/`])(
    'behind a redirect within the origin is read: %s',
    async (location) => {
      const moved = new Response(null, { status: 301, headers: { location } })
      const target = new URL(location, openId).href
      const { asked, status } = await startAt({
        [openId]: moved,
        [target]: Response.json(metadata),
      })
      expect({ asked, status }).toEqual({ asked: [openId, target], status: 200 })
    },
  )

  it.each([
    ['to another origin', 'https://elsewhere.example/.well-known/openid-configuration', [openId]],
    ['to itself', openId, [openId, openId]],
  ])('behind a redirect %s is explained with the target', async (_, location, requests) => {
    const moved = new Response(null, { status: 301, headers: { location } })
    const { asked, details } = await startAt({ [openId]: moved })
    expect(asked).toEqual(requests)
    expect(details).toContain(`answered with 301. It points to ${location}`)
  })

  it.each([
    [`${issuer}/tenant`, /is that of the issuer .*\/tenant, and configured is .*trailing slash/],
    ['https://login.idp.example.evil', /is that of the issuer/],
    [undefined, /names no issuer/],
    [`${issuer}/{tenantid}`, /does not fit/],
  ])('of the issuer %s is explained with both', async (named, text) => {
    const { details } = await startAt({ [openId]: Response.json({ ...metadata, issuer: named }) })
    expect(details).toMatch(text)
  })

  it('that is no JSON object is explained with its URL', async () => {
    const { details } = await startAt({ [openId]: new Response('<html>') })
    expect(details).toContain(`there is no JSON object at ${openId}`)
  })
})

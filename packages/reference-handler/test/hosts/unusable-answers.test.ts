// Answers of the authorization server that cannot be used, over a real connection: they are told in the same words
// whether the host reads them as a whole or with Fetch.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { RequestListener, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { Fetch } from '../../src/ports.ts'
import { createNodeFetch } from '../../src/hosts/node/node-fetch.ts'
import { endpointOf } from '../support/provider.ts'
import type { EndpointName } from '../support/provider.ts'
import { createWorld, signIn } from '../support/world.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

const hosts: readonly (readonly [string, (node: Fetch) => Fetch])[] = [
  ['as a whole', (node) => node],
  ['with Fetch', (node) => (url, init) => node(url, init)],
  ['with the global Fetch', () => (url, init) => fetch(url, init)],
]

/** Signs in, and has an endpoint answered by a server of HTTP from then on. */
async function signInBefore(
  name: EndpointName,
  answer: RequestListener,
  host: (node: Fetch) => Fetch,
) {
  const server = createServer(answer)
  servers.push(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const send = host(createNodeFetch())
  const at = (url: string) => `http://127.0.0.1:${port}${new URL(url).pathname}`
  let isSignedIn = false
  const isMeant = (url: string) => isSignedIn && endpointOf[url] === name
  const over = (inner: Fetch): Fetch => {
    const plain: Fetch = (url, init) => (isMeant(url) ? send(at(url), init) : inner(url, init))
    const { whole } = send
    if (whole === undefined) return plain
    return Object.assign(plain, {
      whole: async (url: string, init: Parameters<typeof whole>[1]) => {
        if (isMeant(url)) return await whole(at(url), init)
        const response = await inner(url, init)
        const { status, headers } = response
        return { status, headers: Object.fromEntries(headers), text: await response.text() }
      },
    })
  }
  const world = await createWorld({ over })
  await signIn(world, world.browser)
  isSignedIn = true
  return world
}

type Row = readonly [
  title: string,
  status: number,
  headers: Record<string, string>,
  text: string,
  words: string,
]
const UNEXPECTED =
  '"response" is not a conform Token Endpoint response (unexpected HTTP status code)'
const NO_JSON = '"response" content-type must be application/json'
const NO_TOKEN = '"response" body "access_token" property must be a string'
const json = { 'content-type': 'application/json' }
const rows: readonly Row[] = [
  ['204', 204, {}, '', NO_TOKEN],
  ['302', 302, { location: '/elsewhere' }, '', UNEXPECTED],
  ['307', 307, { location: '/elsewhere' }, '', UNEXPECTED],
  ['404 and a page', 404, { 'content-type': 'text/html' }, '<p>Not found', NO_JSON],
  ['404 and JSON', 404, json, '{}', UNEXPECTED],
  ['405', 405, {}, '', NO_JSON],
  ['418', 418, json, '{}', UNEXPECTED],
  ['200 and a page', 200, { 'content-type': 'text/html' }, '<p>Sign in', NO_TOKEN],
  ['200 and nothing', 200, {}, '', NO_TOKEN],
  ['200 and a list', 200, json, '[]', NO_TOKEN],
]

describe.each(hosts)('an answer that is read %s', (_host, host) => {
  it.each(rows)('says why a refresh failed: %s', async (_title, status, headers, text, words) => {
    const answer: RequestListener = (_request, response) => {
      response.writeHead(status, headers).end(text)
    }
    const { browser } = await signInBefore('token', answer, host)
    const { body } = await browser.post('/refresh')
    expect(body).toMatchObject({
      error_code: 'authorization_server_error',
      detailed_error: expect.stringContaining(`answer cannot be used: ${words}`),
    })
    expect(browser.cookies.size).toBeGreaterThan(0)
  })

  it('says why a refresh token was not revoked: 302', async () => {
    const answer: RequestListener = (_request, response) => {
      response.writeHead(302, { location: '/elsewhere' }).end()
    }
    const { browser, lines } = await signInBefore('revocation', answer, host)
    expect((await browser.post('/logout')).status).toBe(200)
    expect(lines.find((line) => line.includes('is not revoked'))).toContain(
      'not a conform Revocation Endpoint response (unexpected HTTP status code)',
    )
  })
})

it.each(hosts.slice(0, 2))('a refresh says that its answer is too large: %s', async (_, host) => {
  const answer: RequestListener = (_request, response) => {
    response.writeHead(200, json).end(Buffer.alloc(17 * 1024 * 1024, ' '))
  }
  const { browser } = await signInBefore('token', answer, host)
  const { status, body } = await browser.post('/refresh')
  expect({ status, details: body['detailed_error'] }).toEqual({
    status: 502,
    details: "The authorization server's answer cannot be used: it has more than 16 MiB.",
  })
})

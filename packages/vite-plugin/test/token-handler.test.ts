// The plugin in a real Vite, as fetch sees it.
import { stripVTControlCharacters } from 'node:util'
import { createServer } from 'node:http'
import { request } from 'node:https'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { build, createServer as createVite } from 'vite'
import { startLocalStack } from '@token-handler/local-stack'
import { findFreePorts } from '../../reference-handler/test/support/free-port.ts'
import { requireNode } from '../src/require-node.ts'
import { tokenHandler } from '../src/index.ts'
import { appConfig, makeApp, startVite } from './vite-server.ts'

const version = { 'token-handler-version': '1' }

/** The authorization request of a sign-in. */
async function startLogin(origin: string): Promise<URL> {
  const headers = { ...version, origin }
  const response = await fetch(`${origin}/oauth-agent/login/start`, { method: 'POST', headers })
  const { authorization_url } = (await response.json()) as { readonly authorization_url: string }
  return new URL(authorization_url)
}

describe('in vite dev', () => {
  test('the agent answers on the origin that Vite prints', async () => {
    const { origin, lines } = await startVite()
    const response = await fetch(`${origin}/oauth-agent/session`, { headers: version })
    expect(await response.json()).toEqual({ is_logged_in: false })
    // Vite prints in colours where it takes the terminal for one that has them.
    const printed = stripVTControlCharacters(lines.join('\n'))
    expect(printed).toContain(origin.replace('localhost', '127.0.0.1'))
    expect(printed).toContain('sign in as alice or bob')
  })

  test('sign-ins come back to that origin', async () => {
    const { origin } = await startVite()
    const url = await startLogin(origin)
    expect(url.searchParams.get('redirect_uri')).toBe(`${origin}/callback`)
    const local = url.href.replace('login.idp.localhost', '127.0.0.1')
    // To the sign-in page: the redirect URI is registered.
    expect((await fetch(local, { redirect: 'manual' })).status).toBe(303)
  })

  test('APIs are behind the proxy', async () => {
    const { origin } = await startVite()
    const response = await fetch(`${origin}/api/orders`, { headers: version })
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ error_code: 'unauthorized' })
  })

  test('everything else is the app', async () => {
    const { origin } = await startVite()
    expect(await (await fetch(origin)).text()).toContain('<h1>The app</h1>')
    const callback = await fetch(`${origin}/callback`, { headers: { accept: 'text/html' } })
    expect(await callback.text()).toContain('<h1>The app</h1>')
  })

  test('pages under another name of this machine lead to the one that works', async () => {
    const { origin } = await startVite()
    const other = origin.replace('localhost', '127.0.0.1')
    const headers = { accept: 'text/html' }
    const response = await fetch(`${other}/orders?page=2`, { headers, redirect: 'manual' })
    expect(response.status).toBe(302)
    expect(response.headers.get('location')).toBe(`${origin}/orders?page=2`)
  })

  test('paths can be others', async () => {
    const { origin } = await startVite({
      agentPath: '/auth',
      apiPath: '/v1',
      callbackPath: '/done',
    })
    expect((await fetch(`${origin}/auth/session`, { headers: version })).status).toBe(200)
    expect((await fetch(`${origin}/v1/orders`, { headers: version })).status).toBe(401)
    const headers = { ...version, origin }
    const started = await fetch(`${origin}/auth/login/start`, { method: 'POST', headers })
    expect(await started.text()).toContain(encodeURIComponent(`${origin}/done`))
  })

  test('ends with the dev server', async () => {
    const { origin, server } = await startVite()
    const url = await startLogin(origin)
    await server.close()
    const local = url.href.replace('login.idp.localhost', '127.0.0.1')
    await expect(fetch(local)).rejects.toThrow('fetch failed')
  })
})

describe('users', () => {
  const users = JSON.stringify([{ id: 'carol', claims: { roles: ['admin'] } }])

  test('come from a file', async () => {
    const { lines } = await startVite({ users: 'users.json' }, { 'users.json': users })
    expect(lines.join('\n')).toContain('sign in as carol,')
  })

  test.each([
    ['that is not there', 'nobody.json', {}],
    ['that is wrong', 'users.json', { 'users.json': '[{"name":"no id"}]' }],
  ])('from a file %s stop the start, with its name', async (_what, file, files) => {
    await expect(startVite({ users: file }, files)).rejects.toThrow(file)
  })
})

test('a real authorization server signs users in, and the client is its own', async () => {
  const [port = 0] = await findFreePorts(1)
  const stack = await startLocalStack({
    ports: { spa: port, handler: 0, authorizationServer: 0, api: 0, control: 0 },
    log: { level: 'silent' },
  })
  onTestFinished(() => stack.stop())
  const { client } = stack.configuration
  const { origin, lines } = await startVite({
    issuer: stack.urls.authorizationServer,
    client: { id: client.id, secret: client.secret },
    api: stack.urls.demoApi,
  })
  const url = await startLogin(origin)
  expect(url.origin).toBe(stack.urls.authorizationServer)
  expect(url.searchParams.get('client_id')).toBe(client.id)
  expect((await fetch(`${origin}/api/orders`, { headers: version })).status).toBe(401)
  // The doctor says at once what the developer would find out at the first sign-in.
  await expect.poll(() => lines.join('\n')).toContain('redirect_uri_refused')
})

test('a real authorization server without a client is refused with what is missing', async () => {
  const { lines } = await startVite({ issuer: 'https://login.example.com' })
  await expect.poll(() => lines.join('\n')).toContain('needs the option client')
})

describe('https', () => {
  test('is served with a certificate of an authority that is kept', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'token-handler-authority-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const { origin } = await startVite({ https: folder })
    const ca = await readFile(join(folder, 'authority.pem'), 'utf8')
    const status = await new Promise((resolve, reject) => {
      const url = `${origin}/oauth-agent/session`
      const outgoing = request(url, { ca, headers: version, agent: false }, (answer) => {
        answer.resume()
        resolve(answer.statusCode)
      })
      outgoing.once('error', reject)
      outgoing.end()
    })
    expect(status).toBe(200)
    expect((await stat(join(folder, 'authority-key.pem'))).mode & 0o077).toBe(0)
    await startVite({ https: folder })
    expect(await readFile(join(folder, 'authority.pem'), 'utf8')).toBe(ca)
  })
})

describe('the page', () => {
  test('shows who can sign in, and nothing confidential', async () => {
    const { origin } = await startVite()
    const response = await fetch(`${origin}/__token-handler`)
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(await response.text()).toContain('alice')
  })

  test('tells the sizes of cookies, never their values', async () => {
    const { origin } = await startVite()
    const headers = { cookie: '__Host-Http-th-at=planted; other=1' }
    await startLogin(origin)
    const response = await fetch(`${origin}/__token-handler/cookies`, { headers })
    expect(await response.json()).toEqual([{ name: '__Host-Http-th-at', bytes: 25 }])
  })

  test('tells decisions as they happen, at most a hundred', async () => {
    const { origin } = await startVite()
    for (let count = 0; count < 105; count += 1) {
      await fetch(`${origin}/api/orders`, { headers: version })
    }
    const events = await fetch(`${origin}/__token-handler/events`)
    const reader = events.body!.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    const count = () => text.split('\ndata: ').length - 1
    while (count() < 100) text += (await reader.read()).value ?? ''
    expect(count()).toBe(100)
    expect(text).toContain('GET /api/orders')
    expect(text).toContain('unauthorized')
    await startLogin(origin)
    while (!text.includes('login/start')) text += (await reader.read()).value ?? ''
    await reader.cancel()
  })
})

test('a build has nothing of it', async () => {
  const folder = await makeApp()
  const result = await build({
    ...appConfig(folder),
    logLevel: 'silent',
    plugins: [tokenHandler({ users: 'not there' })],
    build: { write: false },
  })
  const [output] = [result].flat() as { readonly output: readonly { readonly code?: string }[] }[]
  const code = output?.output.map((file) => file.code ?? '').join('') ?? ''
  expect(code).toContain('oauth-agent')
  expect(code).not.toMatch(/__token-handler|oidc-provider|alice/)
})

test('in middleware mode the origin is an option', async () => {
  const folder = await makeApp()
  const [port = 0] = await findFreePorts(1)
  const origin = `http://localhost:${port}`
  const vite = await createVite({
    ...appConfig(folder),
    logLevel: 'silent',
    server: { middlewareMode: true, ws: false },
    plugins: [tokenHandler({ origin })],
  })
  const server = createServer(vite.middlewares).listen(port, '127.0.0.1')
  onTestFinished(async () => {
    server.close()
    server.closeAllConnections()
    await vite.close()
  })
  expect((await startLogin(origin)).searchParams.get('redirect_uri')).toBe(`${origin}/callback`)
})

test('a Node that is too old is told so', () => {
  expect(() => requireNode('20.20.2')).toThrow(
    'needs Node 22.21 or newer, and this is Node 20.20.2',
  )
  expect(() => requireNode('22.21.0')).not.toThrow()
})

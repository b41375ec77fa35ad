import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { PortTakenError, startLocalStack } from '../../src/stack/index.ts'
import type { LocalStack, LocalStackOptions } from '../../src/stack/index.ts'
import { close, listen } from '../../src/stack/listening.ts'
import { watchPrinting } from './printing.ts'
import { openPage } from './spa-page.ts'
import type { SpaPage } from './spa-page.ts'
import { readEvents, send } from './visitor.ts'

const freePorts = { spa: 0, handler: 0, authorizationServer: 0, api: 0, control: 0 }
const printed = watchPrinting()
let stack: LocalStack
let log: string[]

async function start(options: LocalStackOptions = {}): Promise<SpaPage> {
  stack = await startLocalStack({
    ports: freePorts,
    log: { level: 'trace', destination: { write: (line) => void log.push(line) } },
    consent: false,
    ...options,
  })
  return openPage(stack)
}

beforeEach(() => {
  log = []
  printed.clear()
})

afterEach(async () => {
  await stack.stop()
  expect(printed.lines(), 'the stack prints nothing').toEqual([])
})

const isLoggedIn = async (page: SpaPage): Promise<unknown> =>
  (await page.call('GET', '/session')).json['is_logged_in']

test('a user signs in, uses the API, outlives the access token, and signs out', async () => {
  const page = await start({ consent: true })
  expect(await isLoggedIn(page)).toBe(false)

  const started = await page.call('POST', '/login/start')
  const callback = await page.signIn(String(started.json['authorization_url']))
  const ended = await page.call('POST', '/login/end', callback.searchParams)
  expect(ended.json).toMatchObject({
    is_logged_in: true,
    id_token_claims: { sub: 'alice', name: 'Alice Andersson', email: 'alice@example.com' },
  })
  expect((await page.api('/orders')).body).toContain('Espresso machine')

  await stack.controls.expireAccessTokens()
  expect((await page.api('/orders')).status).toBe(401)
  expect((await page.call('POST', '/refresh')).status).toBe(200)
  expect((await page.api('/orders')).status).toBe(200)

  const { json } = await page.call('POST', '/logout')
  expect(await isLoggedIn(page)).toBe(false)
  expect((await page.signOut(String(json['logout_url']))).href).toBe(`${stack.urls.spa}/`)
  const silent = await page.call('POST', '/login/start', { prompt: 'none' })
  const answer = await page.visit(String(silent.json['authorization_url']))
  expect(answer.url.searchParams.get('error')).toBe('login_required')
})

test('what the agent was asked is counted, and can be forgotten', async () => {
  const page = await start()
  await page.call('GET', '/session')
  await page.call('POST', '/refresh')
  await page.call('GET', '/nonsense')

  expect(stack.agentCalls()).toMatchObject([
    { operation: 'session', method: 'GET', path: '/session', status: 200 },
    { operation: 'refresh', method: 'POST', path: '/refresh', status: 401 },
    { operation: undefined, method: 'GET', path: '/nonsense', status: 404 },
  ])
  stack.resetAgentCalls()
  expect(stack.agentCalls()).toEqual([])
})

test.for([true, false])(
  'with rotation %s, a refresh brings a new access token',
  async (rotation) => {
    const page = await start({ refreshTokenRotation: rotation })
    await page.logIn()

    await stack.controls.expireAccessTokens()
    expect((await page.call('POST', '/refresh')).status).toBe(200)

    expect((await page.api('/orders')).status).toBe(200)
  },
)

test('ending the sessions ends what the handler could refresh', async () => {
  const page = await start()
  await page.logIn()

  await stack.controls.endSessions()

  const { status, json } = await page.call('POST', '/refresh')
  expect(status).toBe(401)
  expect(json['error_code']).toBe('session_expired')
})

test.for(['down', 'error', 'nonsense'] as const)(
  'an authorization server that is %s ends no session',
  async (availability) => {
    const page = await start()
    await page.logIn()

    await stack.controls.setAuthorizationServer(availability)
    const { status, json } = await page.call('POST', '/refresh')
    expect([status, json['error_code']]).toEqual([502, 'authorization_server_error'])

    await stack.controls.setAuthorizationServer('up')
    expect((await page.call('POST', '/refresh')).status).toBe(200)
  },
)

test('an API that is down is told from one that refuses', async () => {
  const page = await start()
  await page.logIn()

  await stack.controls.setApi('down')
  expect((await page.api('/orders')).status).toBe(502)

  await stack.controls.setApi('up')
  expect((await page.api('/orders')).status).toBe(200)
})

test('a page watches its orders through the proxy without a header of its own', async () => {
  const page = await start()
  await page.logIn('bob')

  const stream = await page.events('/events')

  expect(stream.headers['content-type']).toBe('text/event-stream')
  expect(await readEvents(stream)()).toContain('Climbing rope')
})

test('the controls work over HTTP from the SPA’s origin', async () => {
  const page = await start()
  await page.logIn()

  const { status } = await send(`${stack.urls.control}/expire-access-tokens`, {
    method: 'POST',
    headers: { origin: stack.urls.spa },
  })

  expect(status).toBe(204)
  expect((await page.api('/orders')).status).toBe(401)
})

test('every secret of a session is known, and none is logged', async () => {
  const page = await start()
  const { url } = await page.logIn()
  await page.api('/orders')
  await page.call('POST', '/refresh')

  const secrets = [...stack.issuedSecrets()]
  const written = log.join('')
  expect(written).toContain('/oauth-agent/login/end')
  // Client secret, cookie secret, login cookie, code, verifier and ID token; and twice over, for the
  // login and for the refresh: access token, refresh token, proxy cookie and session cookie.
  expect(secrets).toHaveLength(14)
  expect(secrets).toContain(url.searchParams.get('code'))
  for (const value of page.cookieValues()) expect(secrets).toContain(value)
  for (const secret of secrets) expect(written).not.toContain(secret)
})

test('the handler’s configuration can be changed before it starts', async () => {
  const page = await start({ configure: (given) => ({ ...given, agentPath: '/bff' }) })

  expect(stack.urls.agent).toMatch(/\/bff$/)
  expect(await isLoggedIn(page)).toBe(false)
})

test.for([
  ['handler', 'the handler'],
  ['authorizationServer', 'the authorization server'],
  ['api', 'the demo API'],
  ['control', 'the control server'],
] as const)(
  'a port for %s that is taken is named, with what to change',
  async ([option, service]) => {
    await start()
    const other = createServer()
    const port = await listen(other, { port: 0, service: 'another program', option: 'none' })
    const listening = (): number =>
      process.getActiveResourcesInfo().filter((kind) => kind === 'TCPServerWrap').length
    const listeningBefore = listening()

    const starting = startLocalStack({ ports: { ...freePorts, [option]: port } })

    await expect(starting).rejects.toThrow(
      `Port ${port} is taken by another program, and ${service} needs it. Stop that program, or choose another port with the option ports.${option} (0 takes any free one).`,
    )
    await expect(starting).rejects.toBeInstanceOf(PortTakenError)
    await vi.waitFor(() => expect(listening()).toBe(listeningBefore))
    await close(other)
  },
)

test('a program that has stopped its stacks ends by itself, and has printed nothing', async () => {
  await start()
  const program = `
    import { startLocalStack } from '@token-handler/reference-handler/stack'
    import { openPage } from './test/stack/spa-page.ts'
    for (const round of [1, 2]) {
      const stack = await startLocalStack({ ports: ${JSON.stringify(freePorts)} })
      const page = openPage(stack)
      await page.logIn()
      const { status } = await page.api('/orders')
      if (status !== 200) throw new Error(\`The API answered \${status}.\`)
      await page.events('/events')
      await stack.stop()
      await stack.stop()
    }`
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@token-handler/source', '--input-type=module', '--eval', program],
    { cwd: new URL('../..', import.meta.url), timeout: 4000 },
  )

  expect(stdout + stderr).toBe('')
})

// `token-handler-dev` in front of a dev server of another kind.
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { leadToOrigin, startDevServer } from '../../src/development/index.ts'
import type { DevServerOptions } from '../../src/development/index.ts'
import { run } from '../../src/cli/run.ts'
import { close, listen } from '../../src/listening.ts'

const print = vi.spyOn(console, 'log').mockImplementation(() => {})
const printError = vi.spyOn(console, 'error').mockImplementation(() => {})
afterEach(() => {
  vi.clearAllMocks()
})

const version = { 'token-handler-version': '1' }
const wish = { port: 0, service: 'a test', option: 'none' }

/** The app's own dev server, with a WebSocket that greets. */
async function startApp(): Promise<string> {
  const server = createServer((request, response) => {
    response.end(`the app at ${request.headers.host}: ${request.url}`)
  })
  server.on('upgrade', (request, socket) => {
    socket.end(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhot at ${request.headers.host}`,
    )
  })
  onTestFinished(() => close(server))
  return `http://127.0.0.1:${await listen(server, wish)}`
}

async function start(options: Partial<DevServerOptions> = {}) {
  const spa = await startApp()
  const server = await startDevServer({ spa, port: 0, ...options })
  onTestFinished(server.stop)
  return { ...server, spa, local: server.origin.replace('localhost', '127.0.0.1') }
}

describe('one origin', () => {
  test('has the app, which is asked by its own name', async () => {
    const { local, spa } = await start()
    const text = await (await fetch(`${local}/orders?page=2`)).text()
    expect(text).toBe(`the app at ${new URL(spa).host}: /orders?page=2`)
  })

  test('has the agent, with sign-ins that come back to it', async () => {
    const { local, origin } = await start()
    const headers = { ...version, origin }
    const started = await fetch(`${local}/oauth-agent/login/start`, { method: 'POST', headers })
    expect(await started.text()).toContain(encodeURIComponent(`${origin}/callback`))
  })

  test('has the API behind the proxy, and the page', async () => {
    const { local } = await start()
    expect((await fetch(`${local}/api/orders`, { headers: version })).status).toBe(401)
    expect(await (await fetch(`${local}/__token-handler`)).text()).toContain('bob')
  })

  test('leads pages to the name that works', async () => {
    const { local, origin } = await start()
    const headers = { accept: 'text/html' }
    const response = await fetch(local, { headers, redirect: 'manual' })
    expect(response.headers.get('location')).toBe(`${origin}/`)
  })

  test('leaves names of other machines alone', () => {
    const passed = vi.fn()
    const lead = leadToOrigin(() => 'http://localhost:5173')
    const headers = { host: 'laptop.example:5173', accept: 'text/html' }
    lead({ method: 'GET', url: '/', headers } as IncomingMessage, {} as ServerResponse, passed)
    expect(passed).toHaveBeenCalledOnce()
  })

  test('lets WebSockets of the app through', async () => {
    const { local, spa } = await start()
    const { port } = new URL(local)
    const text = await new Promise<string>((resolve, reject) => {
      let received = ''
      const socket = connect(Number(port), '127.0.0.1', () => {
        socket.write(
          `GET /ws HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
        )
      })
      socket.setEncoding('utf8').on('data', (chunk) => (received += String(chunk)))
      socket.once('error', reject)
      socket.once('close', () => resolve(received))
    })
    expect(text).toMatch(/^HTTP\/1\.1 101 /)
    expect(text).toContain(`hot at ${new URL(spa).host}`)
  })

  test('says so when the app is not there', async () => {
    const { local } = await start({ spa: 'http://127.0.0.1:1' })
    const response = await fetch(local)
    expect(response.status).toBe(502)
    expect(await response.text()).toContain('Nothing answers at http://127.0.0.1:1')
  })

  test('has an API of its own', async () => {
    const api = await startApp()
    const { backend, local } = await start({ api, users: [{ id: 'carol' }] })
    expect(backend.users).toEqual([{ id: 'carol', name: 'carol', email: 'carol@example.com' }])
    expect((await fetch(`${local}/api/anything`, { headers: version })).status).toBe(401)
  })
})

describe('the command', () => {
  test.each([
    [[], '--spa has to be a URL'],
    [['--spa', 'http://localhost:4200', '--port', 'http'], '--port has to be a port'],
    [['--spa', 'http://localhost:4200', '--users', 'nobody.json', '--port', '0'], 'nobody.json'],
    [['--planted'], '--planted'],
  ])('refuses %j and says why', async (args, message) => {
    expect(await run(args)).toBe(1)
    expect(String(printError.mock.lastCall)).toContain(message)
    expect(String(printError.mock.lastCall)).toContain('Usage: token-handler-dev')
  })

  test('explains every option', async () => {
    expect(await run(['--help'])).toBe(0)
    for (const option of ['--spa', '--port', '--users', '--api', '--https']) {
      expect(String(print.mock.lastCall)).toContain(option)
    }
  })
})

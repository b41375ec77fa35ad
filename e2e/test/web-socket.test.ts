// A WebSocket from a page through the proxy to an API, in a real browser: the session cookie opens it,
// for pages of the trusted origin alone, and for as long as its access token lives.
import { afterAll, beforeAll, beforeEach, describe, expect } from 'vitest'
import type { Page } from '../src/engines/engine.ts'
import { engine, test } from '../src/engines/index.ts'
import { startForeignSite } from '../src/foreign-site.ts'
import type { ForeignSite } from '../src/foreign-site.ts'
import { startLiveApi } from '../src/live-api.ts'
import type { LiveApi } from '../src/live-api.ts'
import { blankPath } from '../src/front.ts'
import type { Visitor } from '../src/engine-world.ts'
import { startWorld } from '../src/engine-world.ts'
import type { World } from '../src/engine-world.ts'

let api: LiveApi
let world: World
let foreign: ForeignSite
let alice: Visitor

beforeAll(async () => {
  api = await startLiveApi()
  foreign = await startForeignSite()
  world = await startWorld({
    // Seconds. Long enough to connect, short enough to wait for its end.
    accessTokenLifetime: 10,
    configure: (configuration) => ({
      ...configuration,
      routes: [
        ...(configuration.routes ?? []),
        { path: '/live', upstream: api.url, webSocket: true },
      ],
    }),
  })
  alice = await world.newVisitor()
  await alice.open('/orders')
  await alice.signIn('alice')
  await openPage(alice)
})
afterAll(async () => {
  await world.stop()
  await foreign.stop()
  await api.stop()
})

const liveUrl = () => `${world.stack.urls.handler.replace(/^http/, 'ws')}/live`
const handshakes = () => api.handshakes.length

/** Goes to a document of the app's origin with no policy: the example app's forbids WebSockets. */
const openPage = ({ open }: Visitor): Promise<void> => open(blankPath)

/** Gets a new access token. */
async function refresh(): Promise<void> {
  const status = await alice.page.evaluate(async (url) => {
    const headers = { 'token-handler-version': '1' }
    return (await fetch(url, { method: 'POST', credentials: 'include', headers })).status
  }, `${world.stack.urls.agent}/refresh`)
  expect(status).toBe(200)
}

beforeEach(refresh)

/** What a page gets to know about a WebSocket. */
interface Course {
  readonly messages: readonly string[]
  readonly code: number
  readonly reason: string
  readonly wasClean: boolean
}

/**
 * Opens a WebSocket from a page, says something after the API's greeting, and waits for its end.
 *
 * @param closes - whether the page closes it when the API has said it once more
 */
const converse = (from: Page, message: string, closes: boolean): Promise<Course> =>
  from.evaluate(
    ([url, said, closesItself]) =>
      new Promise<Course>((resolve) => {
        const messages: string[] = []
        const socket = new WebSocket(url)
        socket.addEventListener('message', ({ data }) => {
          messages.push(String(data))
          if (messages.length === 1) socket.send(said)
          else if (closesItself) socket.close(4000, 'done')
        })
        socket.addEventListener('close', ({ code, reason, wasClean }) => {
          resolve({ messages, code, reason, wasClean })
        })
      }),
    [liveUrl(), message, closes] as const,
  )

/** All that a page learns of a handshake that was refused. */
const refused: Course = { messages: [], code: 1006, reason: '', wasClean: false }

test('a signed-in page talks with the API, which gets an access token and no cookie', async () => {
  expect(await converse(alice.page, 'hello', true)).toEqual({
    messages: ['welcome', 'hello'],
    code: 4000,
    reason: 'done',
    wasClean: true,
  })
  const headers = api.handshakes.at(-1)
  expect(headers?.authorization).toMatch(/^Bearer [\w-]+\.[\w-]+\.[\w-]+$/)
  expect(headers).not.toHaveProperty('cookie')
  expect(headers?.origin).toBe(world.stack.urls.spa)
})

test('it is closed when the access token expires, and opens again after a refresh', async () => {
  const course = await converse(alice.page, 'for as long as I may', false)
  expect(course).toEqual({
    messages: ['welcome', 'for as long as I may'],
    code: 4401,
    reason: 'access token expired',
    wasClean: true,
  })
  await expect.poll(() => api.closeCodes).toContain(4401)

  const before = handshakes()
  expect(await converse(alice.page, 'too late', true)).toEqual(refused)
  expect(handshakes()).toBe(before)
  await refresh()
  expect(await converse(alice.page, 'again', true)).toMatchObject({
    messages: ['welcome', 'again'],
  })
})

describe.each(
  engine.names === 'example'
    ? [
        ['another site', 'www.evil.example.org'],
        ['the same site, but an untrusted origin', 'evil.app.example.com'],
      ]
    : [
        ['another site', 'www.evil.localhost'],
        ['the same site, but an untrusted origin', 'evil.app.localhost'],
      ],
)('a page of %s', (_title, hostname) => {
  test('opens none, signed in or not', async () => {
    const stranger = await alice.context.newPage()
    await stranger.goto(foreign.pageOn(hostname))
    const before = handshakes()
    expect(await converse(stranger, 'let me in', true)).toEqual(refused)
    expect(handshakes()).toBe(before)
    await stranger.close()
  })
})

test('nobody opens one without a session', async () => {
  const nobody = await world.newVisitor()
  await openPage(nobody)
  const before = handshakes()
  expect(await converse(nobody.page, 'let me in', true)).toEqual(refused)
  expect(handshakes()).toBe(before)
})

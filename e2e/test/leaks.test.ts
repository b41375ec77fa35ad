// Tokens, codes, verifiers and cookie values are nowhere where a script, a log or a history could hold them.
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { limitOf, test } from '../src/engines/index.ts'
import { eventually } from '../src/eventually.ts'
import { findLeaks, readBrowserStorage } from '../src/leaks.ts'
import { openSdkPage } from '../src/sdk-page.ts'
import { readSightings } from '../src/sightings.ts'
import type { Visitor } from '../src/engine-world.ts'
import { startWorld } from '../src/engine-world.ts'
import type { World } from '../src/engine-world.ts'

let world: World
let visitor: Visitor

beforeAll(async () => {
  world = await startWorld()
  visitor = await world.newVisitor()
  await visitor.open('/orders')
  await visitor.signIn('alice')
  await visitor.page.getByText('Live: orders from other tabs').waitFor()
  const page = await openSdkPage(world, visitor)
  await world.stack.controls.expireAccessTokens()
  await page.evaluate((url) => window.tokenHandler.fetch(url), `${world.stack.urls.api}/orders`)
})
afterAll(() => world.stop())

/** Text that holds secrets by design: the one navigation that brings the code, and nothing else. */
const isCallback = (where: string, text: string): boolean =>
  where === 'URL' && text.startsWith(`${world.stack.urls.spa}/callback?`)

const eventStream = () => `body of ${world.stack.urls.api}/events`

const logged = () => world.log.map((text) => ({ where: 'log', text }))

test('the run issued secrets to search for, those of a refresh included', () => {
  expect(world.stack.agentCalls().filter(({ operation }) => operation === 'refresh')).toHaveLength(
    1,
  )
  expect(world.stack.issuedSecrets().size).toBeGreaterThan(8)
})

describe('no secret is', () => {
  test('in a response body, an event stream, a URL or a console line', async () => {
    const readStream = () =>
      readSightings(world)
        .filter(({ where }) => where === eventStream())
        .map(({ text }) => text)
        .join('\n')
    await eventually(readStream).toContain('event: orders')
    const sightings = readSightings(world)
    expect(sightings.length).toBeGreaterThan(20)
    const searched = sightings.filter(({ where, text }) => !isCallback(where, text))
    expect(findLeaks(searched, world.stack.issuedSecrets())).toEqual([])
  })

  test('in storage, history or document of the app', async () => {
    const storage = await readBrowserStorage(visitor.page)
    expect(findLeaks(storage, world.stack.issuedSecrets())).toEqual([])
  })

  test('in a log at level trace', () => {
    expect(world.log.length).toBeGreaterThan(10)
    expect(findLeaks(logged(), world.stack.issuedSecrets())).toEqual([])
  })
})

describe('the same search finds', () => {
  const planted = 'planted-secret/with+characters='

  test('a secret in localStorage, IndexedDB, Cache Storage and the history', async () => {
    const page = await visitor.context.newPage()
    await page.goto(`${world.stack.urls.spa}/nordlicht.svg`)
    await page.evaluate(async (secret) => {
      localStorage.setItem('token', secret)
      history.replaceState({ token: secret }, '')
      const cache = await caches.open('planted')
      await cache.put('/planted', new Response(secret))
      await new Promise((resolve) => {
        const opening = indexedDB.open('planted')
        opening.addEventListener('upgradeneeded', () => {
          opening.result.createObjectStore('tokens').put(secret, 'token')
        })
        opening.addEventListener('success', () => {
          opening.result.close()
          resolve(undefined)
        })
      })
    }, planted)
    const leaks = findLeaks(await readBrowserStorage(page), new Set([planted]))
    await page.close()
    expect(leaks.map(({ where }) => where).sort()).toEqual([
      'Cache Storage',
      'IndexedDB',
      'history.state',
      'localStorage',
    ])
  })

  test('a secret in a console line, a response body, an event stream and a URL', async ({
    annotate,
  }) => {
    const page = await visitor.context.newPage()
    await page.goto(`${world.stack.urls.spa}/nordlicht.svg?leak=${encodeURIComponent(planted)}`)
    await page.evaluate(
      ([secret, url]) => {
        // oxlint-disable-next-line no-console
        console.log(`token: ${secret}`)
        return fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'token-handler-version': '1' },
          credentials: 'include',
          body: JSON.stringify({ product: secret, quantity: 1 }),
        })
      },
      [planted, `${world.stack.urls.api}/orders`] as const,
    )
    const found = () =>
      findLeaks(readSightings(world), new Set([planted])).map(({ where }) => where)
    const expected = ['URL', `body of ${world.stack.urls.api}/orders`, eventStream()]
    const limit = limitOf('leaks')
    if (limit === undefined) expected.push('console')
    else await annotate(limit)
    // The event comes to another tab than the one that placed the order.
    await eventually(found).toEqual(expect.arrayContaining(expected))
    await page.close()
  })

  test('a secret in the log', () => {
    const line = { where: 'log', text: JSON.stringify({ msg: `got ${planted}` }) }
    expect(findLeaks([...logged(), line], new Set([planted]))).toEqual([{ where: 'log' }])
  })

  test('a secret that was logged or printed, whichever test of this folder did it', async () => {
    const other = await startWorld()
    const [secret = ''] = other.stack.issuedSecrets()
    process.stderr.write(`A secret planted on purpose: ${secret}\n`)
    await expect(other.stop()).rejects.toThrow('stdout or stderr')
  })
})

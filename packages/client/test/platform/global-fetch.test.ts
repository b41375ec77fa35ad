// An app that puts the client's `fetch` in the place of the page's own, directly or wrapped.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createTokenHandlerClient } from '../../src/index.ts'

const API = 'https://api.example.com/api/orders'
const ELSEWHERE = 'https://elsewhere.example.com/data'
const options = {
  agentUrl: 'https://api.example.com/oauth-agent',
  apiUrls: ['https://api.example.com/api/'],
}

const original = globalThis.fetch
const network = vi.fn<typeof fetch>()

beforeEach(() => {
  network.mockReset().mockImplementation(async (input) => {
    const url = input instanceof Request ? input.url : String(input)
    if (url.endsWith('/refresh')) return Response.json({})
    if (url.endsWith('/session')) {
      return Response.json({ is_logged_in: true, id_token_claims: { sub: 'alice' } })
    }
    const isRefreshed = urls().some((other) => other.endsWith('/refresh'))
    return new Response(url, { status: url === API && !isRefreshed ? 401 : 200 })
  })
  globalThis.fetch = network
})
afterEach(() => {
  globalThis.fetch = original
})

const urls = () =>
  network.mock.calls.map(([input]) => (input instanceof Request ? input.url : String(input)))

/** What goes round for ever would never let the test end. */
function createWait() {
  let times = 0
  return async () => {
    times += 1
    if (times > 2_000) throw new Error('It calls itself for ever.')
  }
}

it.each<[string, (own: typeof fetch) => typeof fetch]>([
  ['itself', (own) => own],
  ['wrapped', (own) => (input, init) => own(input, init)],
  ['wrapped, with options of the wrapper', (own) => (input, init) => own(input, { ...init })],
  ['wrapped by a function that waits', (own) => async (input, init) => own(input, init)],
  [
    'wrapped by a function that waits and has options of its own',
    (own) => {
      const wait = createWait()
      return async (input, init) => {
        await wait()
        return own(input, { ...init })
      }
    },
  ],
  [
    'wrapped by a function that waits and makes a Request',
    (own) => {
      const wait = createWait()
      return async (input, init) => {
        await wait()
        return own(new Request(input, init))
      }
    },
  ],
])('works as the global one: %s', async (_, wrap) => {
  const client = createTokenHandlerClient(options)
  globalThis.fetch = wrap(client.fetch)
  expect((await fetch(ELSEWHERE)).status).toBe(200)
  await client.load()
  expect((await fetch(API)).status).toBe(200)
  expect(urls().filter((url) => url === ELSEWHERE)).toHaveLength(1)
  expect(urls().filter((url) => url === API).length).toBeGreaterThan(1)
  expect(urls().filter((url) => url.endsWith('/refresh'))).toHaveLength(1)
})

it('works for two clients, one put over the other', async () => {
  const one = createTokenHandlerClient(options)
  globalThis.fetch = one.fetch
  const two = createTokenHandlerClient({ agentUrl: 'https://b.example.com/agent', apiUrls: [] })
  globalThis.fetch = two.fetch
  expect((await fetch(ELSEWHERE)).status).toBe(200)
  await one.load()
  expect((await fetch(API)).status).toBe(200)
  expect((await one.fetch(ELSEWHERE)).status).toBe(200)
})

it('lets instrumentation that wraps the global one later see every request', async () => {
  const client = createTokenHandlerClient(options)
  const seen: string[] = []
  globalThis.fetch = async (input, init) => {
    seen.push(new Request(input).url)
    return network(input, init)
  }
  await client.load()
  await client.fetch(ELSEWHERE)
  expect(seen).toEqual([`${options.agentUrl}/session`, ELSEWHERE])
})

it('hands every request to the instrumentation of the page, though the caller keeps its options', async () => {
  const client = createTokenHandlerClient(options)
  let seen = 0
  globalThis.fetch = async (...request) => {
    seen += 1
    return network(...request)
  }
  const init = { headers: { accept: 'application/json' } }
  for (let time = 0; time < 3; time += 1) await client.fetch(ELSEWHERE, init)
  expect(seen).toBe(3)
})

it('hands many requests for one URL at a time to the instrumentation, and takes what it answers', async () => {
  const client = createTokenHandlerClient(options)
  let seen = 0
  globalThis.fetch = (() => {
    seen += 1
    // As a mock may do: no promise.
    return new Response('mocked')
  }) as unknown as typeof fetch
  const answers = await Promise.all(Array.from({ length: 50 }, () => client.fetch(ELSEWHERE)))
  expect(seen).toBe(50)
  expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual(
    Array.from({ length: 50 }, () => 'mocked'),
  )
})

it('hands requests on after one for which the instrumentation threw an error', async () => {
  const client = createTokenHandlerClient(options)
  const broken = new Error('instrumentation')
  globalThis.fetch = () => {
    throw broken
  }
  for (let time = 0; time < 400; time += 1) {
    await expect(client.fetch(ELSEWHERE)).rejects.toBe(broken)
  }
  globalThis.fetch = network
  expect((await client.fetch(ELSEWHERE)).status).toBe(200)
})

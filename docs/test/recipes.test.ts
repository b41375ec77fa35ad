// The recipes do what they say: their code runs over the mock agent, with an access token that has expired.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { TokenHandlerError } from '@token-handler/client'
import type { TokenHandlerClient } from '@token-handler/client'
import { createMockAgent } from '@token-handler/mock-agent'
import type * as query from '@tanstack/react-query'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { readCodeBlocks } from '../src/code-blocks.ts'

const folder = fileURLToPath(new URL('../.recipes/', import.meta.url))
const api = 'https://api.example.com/api'

const agent = createMockAgent({
  agentUrl: 'https://api.example.com/oauth-agent',
  users: { alice: { claims: { sub: 'alice' } }, bob: { claims: { sub: 'bob' } } },
})

/** Loads a block of the document, with a client of its own. */
const load = <T>(file: string): Promise<T> => import(/* @vite-ignore */ `${folder}${file}`)

interface Client {
  readonly tokenHandler: TokenHandlerClient<unknown>
}

beforeAll(async () => {
  await mkdir(folder, { recursive: true })
  const document = await readFile(new URL('../recipes.md', import.meta.url), 'utf8')
  for (const { fileName, code } of readCodeBlocks(document))
    await writeFile(folder + fileName, code)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

beforeEach(() => {
  agent.reset()
  agent.signIn('alice')
  agent.expireAccessToken()
  vi.resetModules()
  vi.stubGlobal('fetch', agent.fetch)
  agent.protect(`${api}/orders`, async ({ request }) => {
    const { bags } = (await request.json()) as { bags: number }
    return Response.json({ id: 1, bags })
  })
})

/** As much of a page as it takes to leave it. */
function stubPage(assign: (url: string) => void): void {
  const target = { addEventListener() {}, removeEventListener() {} }
  vi.stubGlobal('document', { ...target, visibilityState: 'visible' })
  const page = { ...target, top: {}, self: {} }
  vi.stubGlobal('window', { ...page, self: page.top })
  vi.stubGlobal('location', { href: 'http://localhost:3000/', assign })
}

describe('an order is placed, although the access token has expired, with', () => {
  test.each(['fetch', 'ky', 'axios', 'openapi-fetch'])('%s', async (library) => {
    interface Recipe {
      readonly placeOrder: (bags: number) => Promise<unknown>
    }
    const { placeOrder } = await load<Recipe>(`orders-with-${library}.ts`)
    expect(await placeOrder(2)).toEqual({ id: 1, bags: 2 })
    expect(agent.calls('refresh')).toHaveLength(1)
  })
})

describe('TanStack Query', () => {
  interface Recipe {
    readonly queryClient: query.QueryClient
  }

  async function ask(queryFn: () => unknown): Promise<unknown> {
    const { queryClient } = await load<Recipe>('query-client.ts')
    return queryClient
      .fetchQuery({
        ...queryClient.getDefaultOptions().queries,
        queryKey: ['q'],
        queryFn,
        retryDelay: 0,
      })
      .catch((error: unknown) => error)
  }

  test('does not ask again when the session has ended', async () => {
    agent.expireSession()
    const { tokenHandler } = await load<Client>('token-handler.ts')
    const queryFn = vi.fn(() => tokenHandler.fetch(`${api}/orders`, { method: 'POST' }))
    expect(await ask(queryFn)).toMatchObject({ code: 'session_expired' })
    expect(queryFn).toHaveBeenCalledTimes(1)
  })

  test('asks again when a refresh was not possible just then', async () => {
    const unavailable = new TokenHandlerError('refresh_unavailable', '', { retryable: true })
    const queryFn = vi.fn().mockRejectedValueOnce(unavailable).mockResolvedValue('orders')
    expect(await ask(queryFn)).toBe('orders')
  })

  test('forgets everything when another user is signed in, before that can be seen', async () => {
    const { queryClient } = await load<Recipe>('query-client.ts')
    const { tokenHandler } = await load<Client>('token-handler.ts')
    await tokenHandler.load()
    queryClient.setQueryData(['orders'], ['of alice'])
    agent.switchUser('bob')
    tokenHandler.subscribe(() => expect(queryClient.getQueryData(['orders'])).toBeUndefined())
    await tokenHandler.session()
    expect(queryClient.getQueryCache().getAll()).toEqual([])
  })

  test('forgets everything when the user signs out', async () => {
    const { queryClient } = await load<Recipe>('query-client.ts')
    const { tokenHandler } = await load<Client>('token-handler.ts')
    await tokenHandler.load()
    queryClient.setQueryData(['orders'], ['of alice'])
    stubPage(() => {})
    await tokenHandler.logout()
    expect(queryClient.getQueryCache().getAll()).toEqual([])
  })
})

test('server-sent events arrive one by one, however they are cut', async () => {
  agent.protect(`${api}/order-events`, () => {
    const pieces = ['data: one\n\nda', 'ta: two\ndata: lines\n', '\n', ': comment\n\ndata: cut off']
    const stream = new ReadableStream({
      start(controller) {
        for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece))
        controller.close()
      },
    })
    return new Response(stream, { headers: { 'content-type': 'text/event-stream' } })
  })
  interface Recipe {
    readonly orderEvents: (signal: AbortSignal) => AsyncIterable<string>
  }
  const { orderEvents } = await load<Recipe>('order-events.ts')
  const events: string[] = []
  for await (const event of orderEvents(new AbortController().signal)) events.push(event)
  expect(events).toEqual(['one', 'two\nlines'])
})

test('an invoice is shown from memory', async () => {
  agent.protect(`${api}/orders/7/invoice`, () => new Response('pdf'))
  interface Recipe {
    readonly invoiceUrl: (order: number) => Promise<string>
  }
  const { invoiceUrl } = await load<Recipe>('invoice.ts')
  const url = await invoiceUrl(7)
  expect(url).toMatch(/^blob:/)
  URL.revokeObjectURL(url)
})

test('a silent sign-in leaves a user alone who is signed in', async () => {
  const { start } = await load<{ readonly start: () => Promise<string> }>('main.ts')
  expect(await start()).toBe('authenticated')
  expect(agent.calls('startLogin')).toEqual([])
})

test('a call that wants a stronger sign-in starts one, and comes back to the order', async () => {
  agent.signIn('alice')
  agent.protect(`${api}/orders/7/payment`, () => new Response('paid'), {
    acrValues: ['gold'],
    maxAge: 60,
  })
  const navigated = new Promise<string>((resolve) => {
    stubPage(resolve)
  })
  const { tokenHandler } = await load<Client>('token-handler.ts')
  await tokenHandler.load()
  const { pay } = await load<{ readonly pay: (order: number) => Promise<Response> }>('pay.ts')
  void pay(7)
  const { searchParams } = new URL(await navigated)
  expect(searchParams.get('acr_values')).toBe('gold')
})

// The suite's browser: what it asks first, what it adds, and what it lets a page read.
import { expect, test } from 'vitest'
import { createUserBrowser } from '../src/index.ts'
import type { Capability, Page, Subject, UserBrowser } from '../src/index.ts'

const origin = 'https://www.example.com'
const agentUrl = 'https://api.example.com/oauth-agent'

type Answer = (request: Request) => Response

/** A browser of a server that only answers; all requests it saw, and a page of the SPA. */
function openPage(answer: Answer, capabilities: readonly Capability[] = ['cookies', 'cors']) {
  const seen: Request[] = []
  const subject: Subject = {
    name: 'a server',
    agentUrl,
    apiUrl: 'https://api.example.com/api',
    origin,
    capabilities: new Set(capabilities),
    send: async (request) => {
      seen.push(request)
      return answer(request)
    },
    authenticate: async (url) => url,
  }
  const browser: UserBrowser = createUserBrowser(subject)
  const page: Page = browser.open(origin)
  return { browser, page, seen }
}

const permissive = {
  'access-control-allow-origin': origin,
  'access-control-allow-credentials': 'true',
  'access-control-allow-headers': 'Token-Handler-Version, Content-Type',
  'access-control-allow-methods': 'PUT',
}
const allowEverything: Answer = () => new Response('{}', { headers: permissive })
const methods = (requests: readonly Request[]): readonly string[] =>
  requests.map(({ method }) => method)

test('a call with the version header is preceded by a preflight without cookies', async () => {
  const { page, seen } = openPage(
    () => new Response('{}', { headers: { ...permissive, 'set-cookie': 'a=1; Path=/; Secure' } }),
  )
  await page.call('session')
  await page.call('session')
  expect(methods(seen)).toEqual(['OPTIONS', 'GET', 'OPTIONS', 'GET'])
  const preflight = seen[2]
  expect(preflight?.headers.get('access-control-request-headers')).toBe('token-handler-version')
  expect(preflight?.headers.has('cookie')).toBe(false)
  expect(seen[3]?.headers.get('cookie')).toBe('a=1')
})

test('a form post of another origin needs no preflight, and carries its origin', async () => {
  const { page, seen } = openPage(allowEverything)
  await page.fetch(agentUrl, { method: 'POST', body: new URLSearchParams({ a: 'b' }) })
  expect(methods(seen)).toEqual(['POST'])
  expect(seen[0]?.headers.get('origin')).toBe(origin)
  expect(seen[0]?.headers.get('sec-fetch-site')).toBe('same-site')
})

test.each<[string, Record<string, string>, RequestInit]>([
  ['another origin', { 'access-control-allow-origin': 'https://evil.example' }, {}],
  ['every origin', { 'access-control-allow-origin': '*' }, {}],
  ['no credentials', { 'access-control-allow-credentials': 'false' }, {}],
  ['no such header', { 'access-control-allow-headers': '*' }, { headers: { 'x-own': '1' } }],
  ['no such method', {}, { method: 'DELETE' }],
  [
    'no JSON',
    { 'access-control-allow-headers': '*' },
    { method: 'POST', headers: { 'content-type': 'application/json' } },
  ],
])('a server that allows %s cannot be read', async (_what, headers, init) => {
  const { page } = openPage(() => new Response('{}', { headers: { ...permissive, ...headers } }))
  await expect(page.fetch(agentUrl, init)).rejects.toThrow(TypeError)
})

test('a refused preflight keeps the request from being sent', async () => {
  const { page, seen } = openPage(() => new Response(null, { status: 403, headers: permissive }))
  await expect(page.call('logout')).rejects.toThrow(/403/)
  expect(methods(seen)).toEqual(['OPTIONS'])
})

test('an unreadable answer still sets its cookies', async () => {
  const { browser, page } = openPage(
    () => new Response('', { headers: { 'set-cookie': 'a=1; Path=/' } }),
  )
  await expect(page.fetch(agentUrl, { credentials: 'include' })).rejects.toThrow(TypeError)
  expect(browser.cookies()).toHaveLength(1)
})

test('without credentials no cookie is sent, and none is taken', async () => {
  const { browser, page, seen } = openPage(
    () => new Response('', { headers: { ...permissive, 'set-cookie': 'a=1; Path=/' } }),
  )
  await page.fetch(agentUrl)
  expect(browser.cookies()).toEqual([])
  await page.fetch(agentUrl, { credentials: 'include' })
  await page.fetch(agentUrl)
  expect(seen.map((request) => request.headers.get('cookie'))).toEqual([null, null, null])
})

test('a page reads safelisted and exposed headers only, never Set-Cookie', async () => {
  const headers = {
    ...permissive,
    'access-control-expose-headers': 'Retry-After, Set-Cookie',
    'retry-after': '1',
    'x-secret': '1',
    'set-cookie': 'a=1',
    'content-type': 'application/json',
  }
  const { page } = openPage(() => new Response('{}', { headers }))
  const response = await page.fetch(agentUrl)
  expect([...response.headers.keys()]).toEqual(['content-type', 'retry-after'])
})

test('a page of the same origin needs no CORS, and reads without an Origin', async () => {
  const { browser, seen } = openPage(() => new Response('{}'))
  const page = browser.open('https://api.example.com')
  await page.call('session')
  await page.call('logout')
  expect(seen.map((request) => request.headers.get('origin'))).toEqual([
    null,
    'https://api.example.com',
  ])
})

test('a subject without CORS is taken to be on the own origin of the SPA', async () => {
  const { page, seen } = openPage(() => new Response('{}'), [])
  expect((await page.call('session')).status).toBe(200)
  expect(methods(seen)).toEqual(['GET'])
})

test('a raw request has the cookies, and no header of a browser', async () => {
  const { browser, seen } = openPage(
    () => new Response('', { headers: { 'set-cookie': 'a=1; Path=/' } }),
  )
  await browser.sendRaw(agentUrl)
  await browser.sendRaw(agentUrl)
  await browser.sendRaw(agentUrl, { headers: { cookie: 'a=forged' } })
  expect(seen.map((request) => request.headers.get('cookie'))).toEqual([null, 'a=1', 'a=forged'])
  expect([...(seen[0]?.headers ?? [])]).toEqual([])
})

test('an event stream is handed on while it is open, and its body is not kept', async () => {
  const endless = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode('data: 1\n\n')),
  })
  const headers = { ...permissive, 'content-type': 'text/event-stream' }
  const { browser, page } = openPage(() => new Response(endless, { headers }))
  const reader = (await page.fetch(agentUrl)).body?.getReader()
  expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('data: 1\n\n')
  expect(browser.exchanges().map(({ body }) => body)).toEqual([''])
})

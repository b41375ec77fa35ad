// What one user was answered reaches no other user through a shared cache, whatever the API says to caches.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerKinds } from '../src/answer-kinds.ts'
import { cacheKinds } from '../src/caches.ts'
import type { Cache } from '../src/caches.ts'
import { appHeaders, bearerHeaders, startApi, startHandler } from '../src/handler-site.ts'
import type { Api, User } from '../src/handler-site.ts'
import { isMissing } from '../src/programs.ts'

let api: Api
let handler: Awaited<ReturnType<typeof startHandler>>
let answered = 0

beforeAll(async () => {
  api = await startApi((user, request, response) => {
    answered += 1
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://api.example')
    response.setHeader('content-type', 'text/plain')
    if (pathname === '/open') {
      response.setHeader('cache-control', 'public, max-age=60').end('for all')
      return
    }
    if (user === undefined) {
      response.writeHead(401).end('nobody')
      return
    }
    const kind = answerKinds[Number(searchParams.get('kind'))]
    for (const [name, value] of Object.entries(kind?.headers ?? {})) response.setHeader(name, value)
    response.writeHead(kind?.status ?? 200).end(`data of ${user}`)
  })
  handler = await startHandler(api.port)
})

afterAll(async () => {
  await handler.server.close()
  api.server.closeAllConnections()
  api.server.close()
})

type MakeHeaders = (user?: User) => Promise<Record<string, string>> | Record<string, string>

/** Asks as alice, as bob, and as nobody; tells whether what alice was answered came to another. */
async function isShared(url: string, headersOf: MakeHeaders): Promise<boolean> {
  const ask = async (user?: User) => {
    const response = await fetch(url, { headers: await headersOf(user), redirect: 'manual' })
    return response.text()
  }
  expect(await ask('alice')).toBe('data of alice')
  const others = [await ask('bob'), await ask()]
  return others.some((text) => text.includes('alice'))
}

describe.each(cacheKinds)('behind $name', ({ program, start, storesInSpiteOfCookies }) => {
  const isSkipped = isMissing(program)
  let cache: Cache

  beforeAll(async () => {
    if (!isSkipped) cache = await start({ handler: handler.port, api: api.port })
  })
  afterAll(async () => {
    await cache?.stop()
  })

  it.skipIf(isSkipped)('the cache works', async () => {
    const before = answered
    for (let time = 0; time < 3; time += 1) {
      const response = await fetch(`http://127.0.0.1:${cache.api}/open`)
      expect(await response.text()).toBe('for all')
    }
    expect(answered).toBe(before + 1)
  })

  it.skipIf(isSkipped).each(answerKinds.map((kind, index) => ({ ...kind, index })))(
    'no other user gets an answer with $name',
    async ({ index, isShared: isAllowed }) => {
      const path = `/api/me?kind=${index}`
      const isCookieShared = await isShared(`http://127.0.0.1:${cache.handler}${path}`, appHeaders)
      const isTokenShared = await isShared(`http://127.0.0.1:${cache.api}${path}`, bearerHeaders)
      if (!isAllowed) expect(isCookieShared).toBe(false)
      // The control, but for Apache, which answers no request with an Authorization from its cache.
      else if (program !== 'apache2' && !isTokenShared) expect(isCookieShared).toBe(false)
      // Otherwise a cache that stores nothing would pass.
      if (isAllowed && storesInSpiteOfCookies) expect(isCookieShared).toBe(true)
    },
  )
})

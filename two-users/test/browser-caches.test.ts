// What a browser has kept of one user's answers is not handed to the next user of the same browser.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerKinds } from '../src/answer-kinds.ts'
import { browserKinds } from '../src/browsers.ts'
import { cookieName, cookieOf, startApi, startHandler } from '../src/handler-site.ts'
import type { Api, User } from '../src/handler-site.ts'
import { findFreePorts } from '../src/ports.ts'
import { isMissing } from '../src/programs.ts'

/** How often each kind of answer has been asked of the API. */
let asked: number[] = []
let api: Api
let handler: Awaited<ReturnType<typeof startHandler>>
let page = ''

beforeAll(async () => {
  api = await startApi((user, request, response) => {
    const { searchParams } = new URL(request.url ?? '', 'http://api.example')
    const index = Number(searchParams.get('kind'))
    const kind = answerKinds[index]
    asked[index] = (asked[index] ?? 0) + 1
    for (const [name, value] of Object.entries(kind?.headers ?? {})) response.setHeader(name, value)
    response.writeHead(kind?.status ?? 200).end(`data of ${user}`)
  })
  const [port = 0] = await findFreePorts(1)
  const origin = `http://localhost:${port}`
  handler = await startHandler(api.port, {}, { port, origins: [origin] })
  page = `${origin}/page`
})

afterAll(async () => {
  handler.server.server.closeAllConnections()
  await handler.server.close()
  api.server.closeAllConnections()
  api.server.close()
})

/** Runs in the page: what its `fetch` brings for each of some paths. */
const FETCH_TEXTS = `async (paths) => {
  const texts = []
  for (const path of paths) {
    const response = await fetch(path, { headers: { 'token-handler-version': '1' } })
    texts.push(await response.text())
  }
  return texts
}`

const indexOf = (name: string) => answerKinds.findIndex((kind) => kind.name === name)

describe.each(browserKinds)('the cache of $name', ({ program, open }) => {
  it.skipIf(program !== undefined && isMissing(program))(
    'keeps answers for the user who got them, and for no other',
    async () => {
      asked = []
      const browser = await open(page)
      const paths = answerKinds.map((_kind, index) => `/api/me?kind=${index}`)
      const ask = () => browser.run(FETCH_TEXTS, paths) as Promise<string[]>
      const askAs = async (user?: User) => {
        await browser.setCookie(user && { name: cookieName, value: await cookieOf(user) })
        return await ask()
      }
      try {
        const ofAlice = await askAs('alice')
        expect(new Set(ofAlice)).toEqual(new Set(['data of alice']))
        // The same cookie again: what may be kept is kept, or the rest would prove nothing.
        await ask()
        expect(asked[indexOf('private, max-age=600')]).toBe(1)
        expect(asked[indexOf('no-store')]).toBe(2)

        const ofBob = await askAs('bob')
        const ofNobody = await askAs()
        for (const [index, { name, isShared }] of answerKinds.entries()) {
          const texts = `${name}: ${ofBob[index]}, ${ofNobody[index]}`
          if (!isShared) expect(texts).toContain(`${name}: data of bob, {"error_code"`)
        }
        expect(ofBob[indexOf('public, max-age=60')]).toBe('data of alice')
      } finally {
        await browser.close()
      }
    },
  )
})

// What an instance leaves behind that ends in the middle of a refresh, or dies without a word.
import { createInProcessRefreshCoordinator } from '@token-handler/reference-handler'
import { afterEach, describe, expect, it } from 'vitest'
import { gatewayKinds } from '../src/gateways.ts'
import { appHeaders, sessionCookieOf, startApi, startHandler } from '../src/handler-site.ts'
import { isMissing } from '../src/programs.ts'
import { createRotatingTokens, firstRefreshToken } from '../src/rotating-tokens.ts'

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

describe.each(gatewayKinds)('a refresh behind $name', ({ program, start }) => {
  it.skipIf(isMissing(program))(
    'is sent to the authorization server once, and its session lives on, when both instances end',
    async () => {
      const tokens = createRotatingTokens()
      // As a shared store does: what one instance has exchanged, the next one knows.
      const refreshCoordinator = createInProcessRefreshCoordinator(Date.now, 30)
      const overrides = { fetch: tokens.fetch, refreshCoordinator }
      const open = async (port?: number) => {
        const instance = await startHandler(
          1,
          { drainFor: 0 },
          { overrides, ...(port && { port }) },
        )
        ends.push(() => instance.server.close())
        return instance
      }
      const instances = [await open(), await open()] as const
      const gateway = await start([instances[0].port, instances[1].port])
      ends.push(gateway.stop)

      const cookie = await sessionCookieOf(firstRefreshToken)
      const headers = { ...(await appHeaders()), cookie }
      const url = `http://127.0.0.1:${gateway.port}/oauth-agent/refresh`
      const refresh = fetch(url, { method: 'POST', headers, body: '' })
      await tokens.whenUsed(1)
      await Promise.all(instances.map(({ server }) => server.close()))
      expect((await refresh).status).toBe(503)
      expect(tokens.used).toEqual([firstRefreshToken])

      tokens.release()
      const next = await open()
      const again = `http://127.0.0.1:${next.port}/oauth-agent/refresh`
      const answer = await fetch(again, { method: 'POST', headers, body: '' })
      expect(answer.status).toBe(200)
      expect(answer.headers.getSetCookie()).toHaveLength(2)
      expect(tokens.used, 'and no second use of a refresh token').toEqual([firstRefreshToken])
    },
  )
})

/** Times that an order without, and with a body is placed: a process that is gone cannot answer 503. */
const placedAfterDeath: Readonly<Record<string, readonly [number, number]>> = {
  nginx: [1, 1],
  Caddy: [1, 1],
  HAProxy: [1, 1],
  Apache: [1, 1],
  Varnish: [2, 1],
}

describe.each(gatewayKinds)('an instance that dies behind $name', ({ name, program, start }) => {
  it.skipIf(isMissing(program))(
    'leaves an order to what the gateway repeats, as the guide says',
    async () => {
      const placed = new Map<string, number>()
      let onPlaced = () => {}
      const api = await startApi((_user, request, response) => {
        if (request.method !== 'POST') return response.end('read')
        const id = request.url ?? ''
        placed.set(id, (placed.get(id) ?? 0) + 1)
        // The first time, the instance dies before the answer; a repetition is answered.
        return placed.get(id) === 1 ? onPlaced() : response.end('placed')
      })
      ends.push(async () => {
        api.server.closeAllConnections()
        api.server.close()
      })
      const instance = async () => {
        const { server, port } = await startHandler(api.port)
        ends.push(() => server.close())
        return { server, port }
      }
      const [one, two] = [await instance(), await instance()]
      const gateway = await start([one.port, two.port])
      ends.push(gateway.stop)

      const headers = await appHeaders('alice')
      async function order(id: string, body: string): Promise<number> {
        // Over connections that have been used, to either instance: only those are tried again.
        for (let read = 0; read < 2; read += 1) {
          await fetch(`http://127.0.0.1:${gateway.port}/api/orders`, { headers }).then((response) =>
            response.text(),
          )
        }
        const isPlaced = new Promise<void>((resolve) => (onPlaced = resolve))
        const url = `http://127.0.0.1:${gateway.port}/api/orders/${id}`
        const answer = fetch(url, { method: 'POST', headers, body }).catch(() => undefined)
        await isPlaced
        for (const { server } of [one, two]) server.server.closeAllConnections()
        await answer
        return placed.get(`/api/orders/${id}`) ?? 0
      }

      expect([await order('empty', ''), await order('full', 'beans')]).toEqual(
        placedAfterDeath[name],
      )
    },
  )
})

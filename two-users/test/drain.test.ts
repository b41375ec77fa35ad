// An instance ends while orders are on their way: each is placed once, whatever gateways and browsers repeat.
import { afterEach, describe, expect, it } from 'vitest'
import { browserKinds } from '../src/browsers.ts'
import { gatewayKinds, haproxyDefault, haproxyTcp } from '../src/gateways.ts'
import { appHeaders, appOrigin, cookieName, cookieOf } from '../src/handler-site.ts'
import { startApi, startHandler } from '../src/handler-site.ts'
import { findFreePorts } from '../src/ports.ts'
import { isMissing } from '../src/programs.ts'

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

/** Requests of one test, some empty as those of the SDK are. */
const ORDERS = 24

/** An API that places orders and keeps its answers back, and two instances in front of it. */
async function startSite(origin = appOrigin) {
  const placed = new Map<string, number>()
  const answers: (() => void)[] = []
  let isHolding = true
  let onPlaced = () => {}
  const api = await startApi((_user, request, response) => {
    request.resume().once('end', () => {
      if (request.method !== 'POST') return response.end('read')
      const id = request.url ?? ''
      placed.set(id, (placed.get(id) ?? 0) + 1)
      if (isHolding) answers.push(() => response.end('placed'))
      else response.end('placed')
      return onPlaced()
    })
  })
  ends.push(async () => {
    api.server.closeAllConnections()
    api.server.close()
  })
  const start = () => startHandler(api.port, { drainFor: 0 }, { origins: [origin] })
  const instances = [await start(), await start()] as const
  for (const { server } of instances) {
    ends.push(async () => {
      server.server.closeAllConnections()
      await server.close()
    })
  }
  return {
    placed,
    ports: [instances[0].port, instances[1].port] as const,
    /** Resolves when the API has been asked so many times. */
    whenPlaced: (count: number) =>
      new Promise<void>((resolve) => {
        onPlaced = () => {
          if ([...placed.values()].reduce((sum, times) => sum + times, 0) >= count) resolve()
        }
        onPlaced()
      }),
    /** Ends the first instance, or both, and has the API answer afterwards. */
    async end(count: 1 | 2) {
      await Promise.all(instances.slice(0, count).map(({ server }) => server.close()))
      isHolding = false
      for (const answer of answers.splice(0)) answer()
    },
  }
}

describe.each(gatewayKinds)('behind $name', ({ program, start }) => {
  it.skipIf(isMissing(program))('each order is placed once, or is never placed', async () => {
    const site = await startSite()
    const gateway = await start(site.ports)
    ends.push(gateway.stop)
    const headers = await appHeaders('alice')
    const orders = Array.from({ length: ORDERS }, async (_, index) => {
      const body = index % 2 === 0 ? '' : 'one more order'
      const url = `http://127.0.0.1:${gateway.port}/api/orders/${index}`
      const response = await fetch(url, { method: 'POST', headers, body })
      return `${response.status} ${await response.text()}`
    })
    await site.whenPlaced(ORDERS)
    await site.end(1)
    const results = await Promise.all(orders)
    expect(new Set(site.placed.values())).toEqual(new Set([1]))
    expect(new Set(results)).toEqual(
      new Set(['200 placed', '503 {"error_code":"temporarily_unavailable"}']),
    )
  })
})

/** Runs in the page. */
const ORDER = `async () => {
  const headers = { 'token-handler-version': '1' }
  // So that the order goes over a connection that has been used: only those are tried again.
  await fetch('/api/orders', { headers }).then((response) => response.text())
  const response = await fetch('/api/orders/1', { method: 'POST', headers, body: 'one more order' })
  return response.status
}`

describe.each(browserKinds)('$name', ({ program, open }) => {
  it.each([haproxyTcp, haproxyDefault])('places one order behind $name', async (gatewayKind) => {
    if ((program !== undefined && isMissing(program)) || isMissing(gatewayKind.program)) return
    const [port = 0] = await findFreePorts(1)
    const origin = `http://localhost:${port}`
    const site = await startSite(origin)
    const gateway = await gatewayKind.start(site.ports, port)
    ends.push(gateway.stop)
    const browser = await open(`${origin}/page`)
    ends.push(browser.close)
    await browser.setCookie({ name: cookieName, value: await cookieOf('alice') })
    const status = browser.run(ORDER, undefined)
    await site.whenPlaced(1)
    await site.end(2)
    expect(await status).toBe(503)
    expect([...site.placed]).toEqual([['/api/orders/1', 1]])
  })
})

// Pages that nobody looks at, in Chromium: one that is only prerendered, and a frozen one that holds the lock.
import { demoPassword } from '@token-handler/local-stack'
import { afterAll, beforeAll, expect, test as anyTest } from 'vitest'
import { program, startDrivenBrowser } from '../src/chromedriver.ts'
import type { DrivenBrowser, DrivenTab } from '../src/chromedriver.ts'
import { eventually } from '../src/eventually.ts'
import type { Front } from '../src/front.ts'
import { until } from '../src/engines/until.ts'
import { isMissing } from '../src/programs.ts'
import { publishSdk } from '../src/sdk-page.ts'
import { startServers } from '../src/servers.ts'
import type { Servers } from '../src/servers.ts'

const test = isMissing(program) ? anyTest.skip : anyTest

declare global {
  interface Window {
    result?: string
    /** How often a timer of twenty seconds came to its end. */
    longWaits?: number
  }
}

let servers: Servers
let browser: DrivenBrowser
beforeAll(async () => {
  if (isMissing(program)) return undefined
  servers = await startServers('localhost', { refreshTokenRotation: true, consent: false })
  await publishSdk(servers)
  browser = await startDrivenBrowser()
  await signIn(await browser.openTab())
  return undefined
})
afterAll(async () => {
  await browser?.stop()
  await servers?.stop()
})

const waitFor = (tab: DrivenTab, selector: string) =>
  until(selector, () =>
    tab.evaluate(
      (wanted) => (document.querySelector(wanted) === null ? undefined : 'there'),
      selector,
    ),
  )

async function signIn(tab: DrivenTab): Promise<void> {
  await tab.goto(`${servers.stack.urls.spa}/orders`)
  await waitFor(tab, 'main button')
  await tab.evaluate(() => document.querySelector<HTMLElement>('main button')?.click())
  await waitFor(tab, '#username')
  await tab.evaluate((password) => {
    const fill = (id: string, value: string) =>
      document.querySelector(`#${id}`)?.setAttribute('value', value)
    fill('username', 'alice')
    fill('password', password)
    document.querySelector('form')?.requestSubmit()
  }, demoPassword)
  await waitFor(tab, '[aria-label="Orders"]')
}

const refreshes = () =>
  servers.stack.agentCalls().filter(({ operation }) => operation === 'refresh').length

const exchangesOf = (front: Front, path: string) =>
  front.exchanges().filter(({ url }) => url.endsWith(path))

const refusals = () =>
  exchangesOf(servers.fronts.handler, '/api/orders').filter(({ status }) => status === 401).length

/** The SDK, whose long wait for the lock, which no test should wait for, is over soon, and counted. */
const scripts = `<script>
  const ownTimeout = window.setTimeout
  window.longWaits = 0
  window.setTimeout = (run, delay, ...rest) => ownTimeout(() => {
    if (delay === 20_000) window.longWaits += 1
    run(...rest)
  }, delay === 20_000 ? 500 : delay)
</script><script src="/sdk.js"></script>`

test('a page that is only prerendered refreshes when it is shown, and not before', async () => {
  const { spa, api } = servers.stack.urls
  servers.fronts.spa.publish(
    '/prerendered',
    `<!doctype html><title>Prerendered</title>${scripts}<script>
      setTimeout(() => fetch('/waited'), 1000)
      window.result = 'prerendered: ' + document.prerendering
      tokenHandler.load().then(() => tokenHandler.fetch('${api}/orders')).then(({ status }) => {
        window.result += ', ' + status + ' when prerendered: ' + document.prerendering
      })
    </script>`,
  )
  servers.fronts.spa.publish(
    '/opener',
    `<!doctype html><title>Opener</title><a href="/prerendered">Go</a><script type="speculationrules">
      { "prerender": [{ "source": "list", "urls": ["/prerendered"], "eagerness": "immediate" }] }
    </script>`,
  )
  const tab = await browser.openTab()
  await servers.stack.controls.expireAccessTokens()
  const before = { refreshes: refreshes(), refusals: refusals() }
  await tab.goto(`${spa}/opener`)
  await eventually(async () => refusals()).toBe(before.refusals + 1)
  // By now it would have waited long enough for a lock.
  await eventually(async () => exchangesOf(servers.fronts.spa, '/waited')).toHaveLength(1)
  expect(refreshes()).toBe(before.refreshes)

  await tab.evaluate(() => document.querySelector('a')?.click())
  await eventually(() => tab.evaluate(() => window.result).catch(() => undefined)).toBe(
    'prerendered: true, 200 when prerendered: false',
  )
  expect(refreshes()).toBe(before.refreshes + 1)
})

test('a frozen tab that holds the lock costs the others one long wait, and no call', async () => {
  const { spa, api } = servers.stack.urls
  servers.fronts.spa.publish('/hurried', `<!doctype html><title>Hurried</title>${scripts}`)
  const holder = await browser.openTab()
  await holder.goto(`${spa}/sdk`)
  await holder.evaluate(async () => void (await window.tokenHandler.load()))
  const other = await browser.openTab()
  await other.goto(`${spa}/hurried`)
  await other.evaluate(async () => void (await window.tokenHandler.load()))

  await servers.stack.controls.expireAccessTokens()
  const hold = servers.fronts.handler.hold('/oauth-agent/refresh')
  await holder.evaluate((url) => void window.tokenHandler.fetch(url), `${api}/orders`)
  await hold.held
  await holder.freeze()
  hold.release()

  for (let round = 0; round < 3; round += 1) {
    await servers.stack.controls.expireAccessTokens()
    const call = async (url: string) => (await window.tokenHandler.fetch(url)).status
    expect(await other.evaluate(call, `${api}/orders`)).toBe(200)
  }
  expect(await other.evaluate(() => window.longWaits)).toBe(1)
})

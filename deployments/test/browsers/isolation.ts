// Two apps of one site that must not have the sessions of each other, attacked in browsers and by hand.
import { request } from 'node:https'
import type { Context } from 'e2e/engines/engine'
import { until } from 'e2e/engines/until'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ownApiHosts } from '../../designs/own-api-hosts.ts'
import { perPath } from '../../designs/per-path.ts'
import { agentUrl, signIn } from '../../src/walk.ts'
import type { TenantDesign } from '../../src/design.ts'
import { startScene, walkers } from './support.ts'
import type { Scene } from './support.ts'

interface Answer {
  readonly status: number | undefined
  readonly body: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

/** A request with whatever headers, as no browser would send them. */
function send(url: string, headers: Record<string, string>, method = 'GET'): Promise<Answer> {
  const { host, pathname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path: pathname, method, rejectUnauthorized: false }
    const sent = request({ ...options, headers: { ...headers, host } }, (answer) => {
      let body = ''
      answer.on('data', (chunk) => (body += String(chunk)))
      answer.on('end', () => resolve({ status: answer.statusCode, body, headers: answer.headers }))
    })
    sent.on('error', reject).end()
  })
}

describe.each([perPath, ownApiHosts])('$name', (design) => {
  let scene: Scene
  const [shop, admin] = design.tenants as [TenantDesign, TenantDesign]
  const agentOf = (tenant: TenantDesign) => agentUrl(scene.stage, design, tenant)
  const originOf = (tenant: TenantDesign) =>
    scene.stage.urlOf({ host: tenant.pages[0]?.host ?? '', path: '' })
  const apiOf = (tenant: TenantDesign) => agentOf(tenant).replace(tenant.agentPath, tenant.apiPath)
  const headersFor = (tenant: TenantDesign) => ({
    'token-handler-version': '1',
    origin: originOf(tenant),
  })

  beforeAll(async () => {
    scene = await startScene(design)
  })
  afterAll(() => scene.stop())

  /** Alice signs in to the shop; nobody to the admin app. */
  async function signInToShop(context: Context) {
    const page = await context.newPage()
    await page.goto(`${originOf(shop)}/`)
    await signIn(page)
    // Firefox may tell a moment later what the sign-in has set.
    const cookies = await until('the cookies of the sign-in', async () => {
      const kept = await context.cookies(agentOf(shop))
      const ours = kept.filter(({ name }) => /-(?:at|session)$/.test(name))
      return ours.length === 2 ? ours : undefined
    })
    return { page, cookies }
  }

  describe.each(walkers.map(({ name }) => name))('%s', (engine) => {
    test('a sign-in at one app is none at the other', async () => {
      const context = await scene.newContext(engine)
      await signInToShop(context)
      const page = await context.newPage()
      await page.goto(`${originOf(admin)}/`)
      await page.getByText('Signed out').waitFor()
      await context.close()
    })

    test('a page of one app gets nothing from agent and API of the other, however it asks', async () => {
      const context = await scene.newContext(engine)
      await signInToShop(context)
      const page = await context.newPage()
      // On a page without a policy: the app's own forbids to connect to the other's agent already.
      await page.goto(`${originOf(admin)}/blank`)
      const before = scene.stage.exchanges().length
      const outcomes = await page.evaluate(
        async (urls) => {
          const tried: string[] = []
          for (const { method, url } of urls) {
            for (const headers of [{}, { 'token-handler-version': '1' }]) {
              const init = { method, headers, credentials: 'include' } as const
              const answer = await fetch(url, init).catch(() => undefined)
              tried.push(
                answer === undefined ? 'refused' : `${answer.status} ${await answer.text()}`,
              )
            }
          }
          return tried
        },
        [
          { method: 'GET', url: `${agentOf(shop)}/session` },
          { method: 'POST', url: `${agentOf(shop)}/refresh` },
          { method: 'POST', url: `${agentOf(shop)}/logout` },
          { method: 'GET', url: `${apiOf(shop)}/orders` },
        ],
      )
      expect(outcomes).toEqual(Array.from({ length: 8 }, () => 'refused'))
      const sent = scene.stage.exchanges().slice(before)
      expect(sent.length).toBeGreaterThan(0)
      // Nothing was done behind the refusals either.
      for (const { setCookies } of sent) expect(setCookies).toEqual([])
      expect(await context.cookies(agentOf(shop))).not.toEqual([])
      await context.close()
    })
  })

  test('cookies of one app, swapped to the other under its names, open nothing there', async () => {
    const context = await scene.newContext(walkers[0]?.name ?? '')
    const { cookies } = await signInToShop(context)
    const pairs = (rename: (name: string) => string) =>
      cookies.map(({ name, value }) => `${rename(name)}=${value}`).join('; ')
    const [own, other] = [shop, admin].map(({ prefix }) => prefix ?? '__Host-Http-th')
    const swapped = pairs((name) => name.replace(own ?? '', other ?? ''))

    const right = { ...headersFor(shop), cookie: pairs((name) => name) }
    expect(JSON.parse((await send(`${agentOf(shop)}/session`, right)).body)).toMatchObject({
      is_logged_in: true,
    })
    expect((await send(`${apiOf(shop)}/orders`, right)).status).toBe(200)

    for (const cookie of [swapped, pairs((name) => name)]) {
      const headers = { ...headersFor(admin), cookie }
      const session = await send(`${agentOf(admin)}/session`, headers)
      expect(JSON.parse(session.body)).toEqual({ is_logged_in: false })
      expect((await send(`${apiOf(admin)}/orders`, headers)).status).toBe(401)
      const refresh = await send(`${agentOf(admin)}/refresh`, headers, 'POST')
      expect(refresh.status).toBe(401)
    }
    await context.close()
  })

  test('an origin of one app is not trusted by the other, by whatever path or host', async () => {
    for (const path of ['/session', '/refresh', '/logout']) {
      const url = agentOf(shop) + path
      const method = path === '/session' ? 'GET' : 'POST'
      const answer = await send(url, headersFor(admin), method)
      expect(answer.headers['access-control-allow-origin']).toBeUndefined()
      if (method === 'POST') expect(answer.status).toBe(403)
    }
  })
})

// A walk through a design as a user takes it, with what it costs a browser.
import type { Context, Page } from 'e2e/engines/engine'
import { until } from 'e2e/engines/until'
import { demoPassword } from '@token-handler/local-stack'
import type { Costs, Design, TenantDesign } from './design.ts'
import type { Exchange } from './front.ts'
import type { Stage } from './stage.ts'

/** Requests until the agent has said who is signed in, in the order of their arrival. */
function untilSession(exchanges: readonly Exchange[]): readonly Exchange[] {
  const last = exchanges.findIndex(
    ({ method, path }) => method === 'GET' && path.endsWith('/session'),
  )
  return exchanges.slice(0, last + 1)
}

const preflights = (exchanges: readonly Exchange[]): number =>
  exchanges.filter(({ method }) => method === 'OPTIONS').length

/** Answers the sign-in page. */
export async function authenticate(page: Page, user = 'alice'): Promise<void> {
  await page.getByLabel('Username').fill(user)
  await page.getByLabel('Password').fill(demoPassword)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** Signs a user in from a page that offers it. */
export async function signIn(page: Page, user = 'alice'): Promise<void> {
  await page.getByRole('button', { name: 'Sign in' }).click()
  await authenticate(page, user)
  await page.getByText('Signed in as').waitFor()
}

/** Asks the API, by the button. */
export async function showOrders(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Show orders' }).click()
  const orders = page.getByText(/^\d+ orders$/)
  await orders.waitFor()
  return await orders.innerText()
}

/** Signs out at the agent and at the authorization server, and comes back. */
export async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL(({ hostname }) => hostname.startsWith('login.'))
  await page.getByRole('button', { name: 'Sign out' }).click()
}

/** Where agent and API of a tenant are. */
export const agentUrl = (stage: Stage, design: Design, tenant: TenantDesign): string =>
  stage.urlOf({ host: tenant.host ?? design.start.host, path: tenant.agentPath })

/** What was seen. */
export interface Seen {
  readonly costs: Costs
  /** Of the agent's host, while the user was signed in. */
  readonly cookies: Awaited<ReturnType<Context['cookies']>>
  /** Requests to hosts without an agent that came with a cookie. */
  readonly strayCookies: readonly Exchange[]
  readonly refreshes: number
  readonly cookiesAfterwards: number
}

/** Walks: first load, sign-in, second load, API, expired access token, sign-out. */
export async function walk(design: Design, stage: Stage, context: Context): Promise<Seen> {
  const page = await context.newPage()
  const [tenant] = design.tenants
  if (tenant === undefined) throw new Error('A design has a tenant.')
  const agent = agentUrl(stage, design, tenant)
  const start = stage.urlOf(design.start)
  let from = stage.exchanges().length
  const since = () => stage.exchanges().slice(from)
  const restart = () => {
    from = stage.exchanges().length
  }

  const sinceUntilSession = () =>
    until('the session', async () => {
      const seen = untilSession(since())
      return seen.length > 0 ? seen : undefined
    })

  await page.goto(start)
  await page.getByText('Signed out').waitFor()
  const first = await sinceUntilSession()

  await signIn(page)
  // Firefox may tell a moment later what the last answer has set and removed.
  const cookies = await until('the end of the sign-in', async () => {
    const kept = await context.cookies(agent)
    const has = (part: RegExp) => kept.some(({ name }) => part.test(name))
    return has(/-session$/) && !has(/-login-/) ? kept : undefined
  })
  await page.goto('about:blank')
  restart()
  await page.goto(start)
  await page.getByText('Signed in as').waitFor()
  // A page that was rendered for its user shows them before the agent was asked.
  const later = await sinceUntilSession()

  restart()
  await showOrders(page)
  await showOrders(page)
  const calls = since()

  await stage.expireAccessTokens()
  const before = stage.refreshes()
  await page.goto(start)
  await showOrders(page)
  const refreshes = stage.refreshes() - before

  await signOut(page)
  await page.getByText('Signed out').waitFor()
  await until('the end of the sign-out', async () =>
    (await context.cookies(agent)).length === 0 ? true : undefined,
  )
  const handlers = design.hosts.filter(({ places }) => places.some(({ kind }) => kind !== 'app'))
  const names = new Set(handlers.map(({ name }) => name))
  return {
    costs: {
      firstLoad: first.length,
      firstLoadPreflights: preflights(first),
      laterLoad: later.length - preflights(later),
      callPreflights: preflights(calls),
    },
    cookies,
    strayCookies: stage
      .exchanges()
      .filter(({ cookies: sent, host }) => sent.length > 0 && !names.has(host.split('.')[0] ?? '')),
    refreshes,
    cookiesAfterwards: (await context.cookies(agent)).length,
  }
}

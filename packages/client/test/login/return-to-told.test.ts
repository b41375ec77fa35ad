// A target of the app's own that no sign-in may lead to is told, while somebody develops.
import { afterEach, expect, it, vi } from 'vitest'
import { isDevelopment } from '../../src/development.ts'
import { settle } from '../support/gate.ts'
import { openPage } from '../support/page.ts'

const HOME = 'https://www.example.com/'
const app = { basePath: '/app', callbackPath: '/app/callback' }

async function warningsOf(returnTo: string | undefined, at = `${HOME}app/`): Promise<unknown[][]> {
  const warn = vi.spyOn(console, 'warn').mockReturnValue()
  const { client } = openPage(app, at)
  void client.login(returnTo === undefined ? {} : { returnTo })
  await settle()
  return warn.mock.calls
}

afterEach(() => vi.restoreAllMocks())

it('a path that the router knows without its basename becomes basePath, and the console says so', async () => {
  const warnings = await warningsOf('/orders?customer=7')
  expect(warnings).toHaveLength(isDevelopment ? 1 : 0)
  if (!isDevelopment) return
  const [text] = warnings[0] ?? []
  expect(text).toContain(
    'returnTo "/orders" lies outside the app, or is its callbackPath: the user comes back to "/app".',
  )
  expect(text).toContain('https://')
  expect(text).not.toContain('customer')
})

it.each([['https://evil.example/'], ['/app/callback']])('so is %s', async (target) => {
  expect(await warningsOf(target)).toHaveLength(isDevelopment ? 1 : 0)
})

it.each([['/app/orders'], ['orders'], ['#/x'], ['/app'], ['/app/'], [undefined]])(
  'a place inside the app (%s) is nothing to tell of',
  async (target) => {
    expect(await warningsOf(target)).toEqual([])
  },
)

it('nor is a sign-in from the callback page, which the app did not choose to come back to', async () => {
  expect(await warningsOf(undefined, `${HOME}app/callback`)).toEqual([])
})

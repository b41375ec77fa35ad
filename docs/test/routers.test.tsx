// @vitest-environment jsdom
// The guide's hash router leads back to where the user was, once, and to no other host.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { act, cleanup, configure, render, screen } from '@testing-library/react'
import type { TokenHandlerClient } from '@token-handler/client'
import { setupMockAgent } from '@token-handler/mock-agent/vitest'
import type { ComponentType } from 'react'
import type { createHashRouter } from 'react-router'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { readCodeBlocks } from '../src/code-blocks.ts'

const docs = join(import.meta.dirname, '..')
const folder = join(docs, '.routers')

const { agent, page } = setupMockAgent({
  agentUrl: 'https://api.example.com/oauth-agent',
  redirectUri: '/app/',
  users: { alice: { claims: { sub: 'alice' } } },
})
agent.protect('https://api.example.com/api/orders', () => Response.json(['Beans']))

interface Guide {
  readonly App: ComponentType
  readonly router: ReturnType<typeof createHashRouter>
  readonly tokenHandler: TokenHandlerClient<unknown>
}

let router: Guide['router'] | undefined

beforeAll(async () => {
  configure({ asyncUtilTimeout: 4_000 })
  // jsdom draws nothing, so it cannot scroll either.
  vi.stubGlobal('scrollTo', () => {})
  await mkdir(folder, { recursive: true })
  const guide = await readFile(join(docs, 'routers.md'), 'utf8')
  for (const { fileName, code } of readCodeBlocks(guide)) {
    await writeFile(join(folder, fileName), code)
  }
})
afterAll(() => rm(folder, { recursive: true, force: true }))
afterEach(() => {
  cleanup()
  router?.dispose()
})

/** Opens the app of the guide at a URL, as a page load does. */
async function openApp(url: string): Promise<Guide> {
  cleanup()
  router?.dispose()
  page.open(url)
  const guide = (await import(/* @vite-ignore */ join(folder, 'hash-router.tsx'))) as Guide
  router = guide.router
  render(<guide.App />)
  return guide
}

/** Signs in at the authorization server, and comes back. */
async function comeBack(): Promise<Guide> {
  await expect.poll(() => page.departures).toHaveLength(1)
  return openApp(agent.completeLogin(page.departures[0] ?? '', { user: 'alice' }))
}

test.each(['/app/', '/app'])('a guarded route below %s is there after the sign-in', async (app) => {
  await openApp(`${app}#/orders?page=2`)
  await comeBack()
  expect(await screen.findByText('["Beans"]')).toBeDefined()
  expect(location.hash).toBe('#/orders?page=2')
  expect(location.pathname + location.search).toBe('/app/')
})

// The loader replaced the start page by itself, for ever.
test.each([
  ['Welcome', '#/'],
  ['About us', '#/about'],
])('so is a route with a button, %s', async (text, hash) => {
  const { tokenHandler } = await openApp(`/app/${hash}`)
  await screen.findByText(text)
  void tokenHandler.login()
  const next = await comeBack()
  expect(await screen.findByText(text)).toBeDefined()
  expect(next.tokenHandler.getSnapshot().status).toBe('authenticated')
  expect(location.hash).toBe(hash)
})

test('after that the start page can be opened', async () => {
  await openApp('/app/#/about')
  await screen.findByText('About us')
  const { tokenHandler } = await openApp('/app/#/orders')
  await expect.poll(() => page.departures).toHaveLength(1)
  expect(tokenHandler.getSnapshot().status).toBe('unauthenticated')
  const next = await comeBack()
  await screen.findByText('["Beans"]')
  await act(() => next.router.navigate('/'))
  expect(await screen.findByText('Welcome')).toBeDefined()
  expect(location.hash).toBe('#/')
})

test.each(['#//evil.example/orders', '#https://evil.example', '#/\\evil.example', '#about'])(
  'a sign-in that began at %s leads to the start page',
  async (hash) => {
    const { tokenHandler } = await openApp('/app/')
    await screen.findByText('Welcome')
    void tokenHandler.login({ returnTo: hash })
    await comeBack()
    expect(await screen.findByText('Welcome')).toBeDefined()
    expect(page.departures).toEqual([])
    expect(location.href).toBe(`${location.origin}/app/#/`)
  },
)

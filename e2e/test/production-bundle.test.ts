// The example as it is served in production: caching, compression, and a policy that nothing breaks.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { watchPolicyViolations } from '../src/policy-violations.ts'
import { startWorld } from '../src/world.ts'
import type { World } from '../src/world.ts'

let world: World

beforeAll(async () => {
  world = await startWorld({ consent: false })
})
afterAll(() => world.stop())

async function scripts(): Promise<readonly string[]> {
  const html = await (await fetch(appUrl('/'))).text()
  return [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path = '']) => path)
}

/** Node does not know names that end in `.localhost`. */
const appUrl = (path: string): string =>
  `http://127.0.0.1:${new URL(world.stack.urls.spa).port}${path}`

test('files with a hash in their name are kept for a year, pages are asked for again', async () => {
  const page = await fetch(appUrl('/orders/7'))
  expect(page.headers.get('content-type')).toMatch(/^text\/html/)
  expect(page.headers.get('cache-control')).toBe('no-cache')
  for (const path of await scripts()) {
    const { status, headers } = await fetch(appUrl(path))
    expect([status, headers.get('cache-control')]).toEqual([
      200,
      'public, max-age=31536000, immutable',
    ])
  }
})

test.each(['br', 'gzip'])('scripts are compressed with %s', async (coding) => {
  const [path = ''] = await scripts()
  const plain = await fetch(appUrl(path), { headers: { 'accept-encoding': 'identity' } })
  const compressed = await fetch(appUrl(path), { headers: { 'accept-encoding': coding } })
  expect(compressed.headers.get('content-encoding')).toBe(coding)
  expect(Number(compressed.headers.get('content-length'))).toBeLessThan(
    Number(plain.headers.get('content-length')) / 2,
  )
  expect(await compressed.text()).toBe(await plain.text())
})

test('a file that does not exist is not found, rather than the page', async () => {
  expect((await fetch(appUrl('/assets/gone.js'))).status).toBe(404)
})

test('nothing of the devtools is in the bundle', async () => {
  for (const path of await scripts()) {
    const code = await (await fetch(appUrl(path))).text()
    expect(code).not.toContain('Session devtools')
    expect(code).not.toContain('token-handler:devtools')
  }
})

test('a visit with sign-in, order, upload and sign-out breaks no rule of a strict policy', async () => {
  const policy = (await fetch(appUrl('/'))).headers.get('content-security-policy') ?? ''
  expect(policy).toContain("default-src 'none'")
  expect(policy).not.toContain('unsafe')

  const visitor = await world.newVisitor()
  const { page } = visitor
  const violations = await watchPolicyViolations(visitor.context)
  await visitor.open('/orders')
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click()
  await page.getByLabel('Username').fill('alice')
  await page.getByLabel('Password').fill('token-handler')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('Live: orders from other tabs').waitFor()
  await page.getByLabel('Coffee').selectOption({ index: 1 })
  await page.getByRole('button', { name: 'Place order' }).click()
  await page.getByText(/^Thank you/).waitFor()
  await page.getByRole('link', { name: 'Label' }).click()
  await page
    .getByLabel('Artwork')
    .setInputFiles({ name: 'label.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg/>') })
  await page.getByText('SHA-256').waitFor()
  await visitor.signOut()
  await page.getByRole('button', { name: 'Sign in to order' }).waitFor()
  expect(violations).toEqual([])
})

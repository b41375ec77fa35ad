// A sign-in by one line of configuration, in a real Chromium, and the page that shows it.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { launchBrowser } from '../../../e2e/src/browser.ts'
import { demoPassword } from '@token-handler/local-stack'
import { startVite } from './vite-server.ts'

/** Where screenshots go, when somebody wants to look at them. */
const folder = process.env['SCREENSHOTS']

const users = [{ id: 'carol', name: 'Carol Carlsson', claims: { roles: ['admin', 'editor'] } }]

test('a user signs in, calls the API, and the page shows session, cookies and decisions', async () => {
  const { origin } = await startVite({ users })
  const browser = await launchBrowser()
  onTestFinished(() => browser.close())
  const context = await browser.newContext()
  const app = await context.newPage()
  await app.goto(origin.replace('localhost', '127.0.0.1'))
  expect(new URL(app.url()).origin).toBe(origin)
  await app.getByRole('button', { name: 'Sign in' }).click()
  await app.getByLabel('Username').fill('carol')
  await app.getByLabel('Password').fill(demoPassword)
  await app.getByRole('button', { name: 'Sign in' }).click()
  await app.getByText('"roles":["admin","editor"]').waitFor()
  expect(new URL(app.url()).pathname).toBe('/')
  await app.getByRole('button', { name: 'Load orders' }).click()
  await app.getByText('200 {"orders"').waitFor()

  const look = await context.newPage()
  const problems: string[] = []
  look.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  await look.goto(`${origin}/__token-handler`)
  await look.getByText(/^Signed in; the access token is good for \d+ seconds\.$/).waitFor()
  await look.getByText('__Host-Http-th-session').waitFor()
  await look.getByRole('cell', { name: 'GET /api/orders' }).waitFor()
  const before = await look.getByRole('cell', { name: 'GET /api/orders' }).count()
  await app.getByRole('button', { name: 'Load orders' }).click()
  await expect
    .poll(() => look.getByRole('cell', { name: 'GET /api/orders' }).count())
    .toBeGreaterThan(before)
  expect(problems).toEqual([])

  for (const width of [1280, 360]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await look.setViewportSize({ width, height: 900 })
      await look.emulateMedia({ colorScheme })
      const wide = await look.evaluate(() => document.documentElement.scrollWidth)
      expect(wide, `no horizontal scrolling at ${width}`).toBeLessThanOrEqual(width)
      if (folder === undefined) continue
      await mkdir(folder, { recursive: true })
      await look.screenshot({ path: join(folder, `${width}-${colorScheme}.png`), fullPage: true })
    }
  }
})

// What a reader of the guide does in the browser, in a real Chromium.
import { demoPassword } from '@token-handler/local-stack'
import type { Page } from 'playwright-core'
import { launchBrowser } from '../../e2e/src/browser.ts'

/** Opens a page in a browser of its own. */
export async function usePage(use: (page: Page) => Promise<void>): Promise<void> {
  const browser = await launchBrowser()
  try {
    const page = await browser.newPage()
    page.setDefaultTimeout(60_000)
    await use(page)
  } finally {
    await browser.close()
  }
}

/** Fills in the authorization server's page. */
export async function signIn(page: Page): Promise<void> {
  await page.getByLabel('Username').fill('alice')
  await page.getByLabel('Password').fill(demoPassword)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

const greetingOf = (page: Page) => page.getByRole('heading', { name: 'Hello Alice Andersson' })

/**
 * Loads a page of a dev server again until it greets the user. On a busy machine the server may still be looking through its
 * folders when a file changes, and take the change for what was there: then it is saved again.
 */
export async function reloadUntilGreeted(page: Page, save: () => Promise<void>): Promise<void> {
  for (let tries = 0; tries < 6; tries += 1) {
    await page.reload()
    const isGreeted = await greetingOf(page)
      .waitFor({ timeout: 5_000 })
      .then(
        () => true,
        () => false,
      )
    if (isGreeted) return
    await save()
  }
  const text = await page.locator('body').innerText()
  throw new Error(`The page does not greet the user, however often it is loaded again: ${text}`)
}

/** Loads the orders of the user, who stays signed in when the page is loaded again. */
export async function loadOrders(page: Page): Promise<void> {
  await greetingOf(page).waitFor()
  await page.getByRole('button', { name: 'Load my orders' }).click()
  await page.getByText('"orders"').waitFor()
  await page.reload()
  await greetingOf(page).waitFor()
}

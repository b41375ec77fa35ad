// What a reader of the guide does in the browser, in a real Chromium.
import { demoPassword } from '@token-handler/local-stack'
import { launchBrowser } from '../../e2e/src/browser.ts'

/** Signs in as alice, loads her orders, and signs out; resolves with what the page showed. */
export async function signInAndLoadOrders(url: string): Promise<string> {
  const browser = await launchBrowser()
  try {
    const page = await browser.newPage()
    page.setDefaultTimeout(60_000)
    await page.goto(url)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByLabel('Username').fill('alice')
    await page.getByLabel('Password').fill(demoPassword)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Hello Alice Andersson' }).waitFor()
    await page.getByRole('button', { name: 'Load my orders' }).click()
    await page.getByText('"orders"').waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'Hello Alice Andersson' }).waitFor()
    return page.url()
  } finally {
    await browser.close()
  }
}

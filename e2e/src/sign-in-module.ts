// What `token-handler conformance --sign-in` takes: fills in the pages of the local stack's authorization server.
import { demoPassword } from '@token-handler/local-stack'
import type { Page } from 'playwright-core'

/** Signs a user in, from the sign-in page to the redirect. */
export async function signIn(
  page: Page,
  { user }: { readonly user: 'first' | 'second' },
): Promise<void> {
  await page.getByLabel('Username').fill(user === 'first' ? 'alice' : 'bob')
  await page.getByLabel('Password').fill(demoPassword)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

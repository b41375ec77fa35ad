// A person with a browser, and what they do, as the tests tell it.
import { demoPassword } from '@token-handler/local-stack'
import type { Context } from './engines/engine.ts'

/** A person with a browser, of whatever engine. */
export interface Visitor<C extends Context = Context> {
  readonly context: C
  readonly page: Awaited<ReturnType<C['newPage']>>
  /** Opens a path of the app. */
  readonly open: (path: string) => Promise<void>
  /** Signs in from a page of the app that offers it, and comes back to the app. */
  readonly signIn: (user: 'alice' | 'bob') => Promise<void>
  /** Answers the authorization server's pages, starting at the sign-in page. */
  readonly authenticate: (user: 'alice' | 'bob') => Promise<void>
  /** Signs out in the app and at the authorization server, and comes back to the app. */
  readonly signOut: () => Promise<void>
}

/**
 * Creates a visitor with an empty browser profile.
 *
 * @param origin - where the app is
 */
export async function createVisitor<C extends Context>(
  context: C,
  origin: string,
): Promise<Visitor<C>> {
  const page = (await context.newPage()) as Awaited<ReturnType<C['newPage']>>

  async function authenticate(user: 'alice' | 'bob'): Promise<void> {
    await page.getByLabel('Username').fill(user)
    await page.getByLabel('Password').fill(demoPassword)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('button', { name: 'Allow' }).click()
  }

  return {
    context,
    page,
    authenticate,
    open: async (path) => void (await page.goto(origin + path)),
    async signIn(user) {
      await page
        .getByRole('main')
        .getByRole('button', { name: /^Sign in/ })
        .click()
      await authenticate(user)
      await page.waitForURL((url) => url.origin === origin && url.pathname !== '/callback')
    },
    async signOut() {
      await page.getByRole('button', { name: 'Sign out' }).first().click()
      // The app's button has this name, too, until the app says that it is signing out.
      await page.waitForURL((url) => url.origin !== origin)
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.waitForURL((url) => url.origin === origin)
    },
  }
}

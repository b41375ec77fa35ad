// A person with a browser: what they do, as the tests tell it, and all that their browser got to see.
import { demoPassword } from '@token-handler/reference-handler/stack'
import type { Browser, BrowserContext, Page } from 'playwright-core'

/** Something the browser saw: where, and the text. */
export interface Sighting {
  readonly where: string
  readonly text: string
}

/** A person with a browser. */
export interface Visitor {
  readonly context: BrowserContext
  readonly page: Page
  /** Console lines, page errors, URLs and response bodies so far. */
  readonly sightings: () => Promise<readonly Sighting[]>
  /** Opens a path of the app. */
  readonly open: (path: string) => Promise<void>
  /** Signs in from a page of the app that offers it, and comes back to the app. */
  readonly signIn: (user: 'alice' | 'bob') => Promise<void>
  /** Answers the authorization server's pages, starting at the sign-in page. */
  readonly authenticate: (user: 'alice' | 'bob') => Promise<void>
  /** Signs out in the app and at the authorization server, and comes back to the app. */
  readonly signOut: () => Promise<void>
}

function watch(context: BrowserContext): () => Promise<readonly Sighting[]> {
  const pending: Promise<readonly Sighting[]>[] = []
  const see = (where: string, text: string): void => {
    pending.push(Promise.resolve([{ where, text }]))
  }
  context.on('console', (message) => see('console', message.text()))
  context.on('weberror', (error) => see('page error', String(error.error())))
  context.on('request', (request) => see('URL', request.url()))
  context.on('response', (response) => {
    // A stream has no end that could be waited for.
    if (response.headers()['content-type']?.startsWith('text/event-stream')) return
    // Redirects have no body, and a page that has gone takes its bodies with it.
    const body = response.text().catch(() => '')
    pending.push(body.then((text) => [{ where: `body of ${response.url()}`, text }]))
  })
  return async () => (await Promise.all(pending)).flat()
}

/**
 * Creates a visitor with an empty browser profile.
 *
 * @param origin - where the app is
 */
export async function createVisitor(browser: Browser, origin: string): Promise<Visitor> {
  const context = await browser.newContext()
  const sightings = watch(context)
  const page = await context.newPage()

  async function authenticate(user: 'alice' | 'bob'): Promise<void> {
    await page.getByLabel('Username').fill(user)
    await page.getByLabel('Password').fill(demoPassword)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('button', { name: 'Allow' }).click()
  }

  return {
    context,
    page,
    sightings,
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
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.waitForURL((url) => url.origin === origin)
    },
  }
}

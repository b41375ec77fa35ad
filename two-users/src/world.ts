// Two users of one browser: what they do, and everything that is on the screen meanwhile.
import { launchBrowser } from 'e2e/browser'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { startSite } from './site.ts'
import type { Site, UserName } from './site.ts'

/** A browser in front of a site. */
export interface World {
  readonly site: Site
  /** A new browser profile with one tab. */
  readonly open: (path?: string) => Promise<Tab>
  readonly stop: () => Promise<void>
}

/** One tab. */
export interface Tab {
  readonly page: Page
  readonly context: BrowserContext
  /** Opens a path of the app, in this tab or in another one of the same browser. */
  readonly goto: (path: string) => Promise<void>
  readonly openAnother: (path: string) => Promise<Tab>
  /** Signs in at the authorization server's page, which the tab may be at already. */
  readonly signIn: (user: UserName) => Promise<void>
  /** Signs out with the client of the page, and comes back from the authorization server. */
  readonly signOut: () => Promise<void>
  /** Whatever text was on the page, frame by frame, in all documents of this tab; without repetitions. */
  readonly frames: () => Promise<readonly string[]>
  /** Forgets the frames so far. */
  readonly forgetFrames: () => void
  /** All that the origin's storage and caches hold, as text. */
  readonly storage: () => Promise<string>
}

declare global {
  interface Window {
    /** The app's client; its types differ from app to app. */
    tokenHandler: {
      readonly login: () => Promise<never>
      readonly logout: () => Promise<void>
    }
    readonly reportFrame: (text: string) => void
  }
}

/** Runs in each document before the app: reports what each frame shows. */
function watchFrames(): void {
  let last = ''
  function look(): void {
    const text = document.body?.innerText.trim() ?? ''
    if (text !== last) window.reportFrame(text)
    last = text
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
  // Between the restoration from the back/forward cache and its first frame.
  window.addEventListener('pageshow', () => {
    last = ''
  })
}

async function readStorage(): Promise<string> {
  const held: unknown[] = [Object.entries(localStorage), Object.entries(sessionStorage)]
  for (const name of await caches.keys()) {
    const cache = await caches.open(name)
    for (const request of await cache.keys()) {
      const { pathname } = new URL(request.url)
      // The app itself is nobody's.
      if (pathname !== '/app.js') held.push(pathname, await (await cache.match(request))?.text())
    }
  }
  for (const { name } of await indexedDB.databases()) held.push(name)
  return JSON.stringify(held)
}

async function openTab(context: BrowserContext, url: string): Promise<Tab> {
  const page = await context.newPage()
  let frames: string[] = []
  await page.exposeFunction('reportFrame', (text: string) => void frames.push(text))
  await page.addInitScript(watchFrames)
  // A frame's report is a message to this process: one more of them makes sure of those before.
  const settle = () => page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)))
  const tab: Tab = {
    page,
    context,
    goto: async (path) => void (await page.goto(url + path)),
    async openAnother(path) {
      const another = await openTab(context, url)
      await another.goto(path)
      return another
    },
    async signIn(user) {
      if (!page.url().startsWith(`${url}/sign-in`)) {
        await page.evaluate(() => void window.tokenHandler.login())
      }
      await page.getByRole('link', { name: new RegExp(`\\(${user}\\)`) }).click()
      await page.waitForURL((now) => !/^\/(?:sign-in|callback)/.test(now.pathname))
    },
    async signOut() {
      await page.evaluate(() => void window.tokenHandler.logout())
      // Over the authorization server's page.
      await page.waitForURL((now) => now.pathname.startsWith('/sign-in'), { waitUntil: 'commit' })
      await page.waitForURL((now) => !now.pathname.startsWith('/sign-in'))
    },
    async frames() {
      await settle()
      return frames
    },
    forgetFrames() {
      frames = []
    },
    storage: () => page.evaluate(readStorage),
  }
  return tab
}

/** Starts a site and a browser. */
export async function startWorld(): Promise<World> {
  const site = await startSite()
  const browser: Browser = await launchBrowser()
  return {
    site,
    async open(path = '/') {
      const tab = await openTab(await browser.newContext(), site.url)
      await tab.goto(path)
      return tab
    },
    async stop() {
      await browser.close()
      await site.stop()
    },
  }
}

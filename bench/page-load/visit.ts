// One page load in a browser, on a slow connection and a slow machine.
import type { BrowserContext } from 'playwright-core'
import type { Site } from './site.ts'

/** What a page load took. */
export interface Visit {
  /** From the beginning of the navigation until "Signed in" stood on the page. */
  readonly milliseconds: number
  /** Besides the document and its scripts, preflights included. */
  readonly requests: number
}

/** A connection of 1.6 Mbit/s with a round trip of 150 ms, and a fourth of this machine. */
export const slow = { bitsPerSecond: 1_600_000, roundTrip: 150, cpuSlowdown: 4 } as const

declare global {
  interface Window {
    signedInAt?: number
  }
}

/** Notes when the page first shows who is signed in; runs before the page's own scripts. */
function watch(): void {
  const look = () => {
    if (!document.body?.textContent?.includes('Signed in:')) return
    observer.disconnect()
    // The next frame: when it stands on the screen, and not only in the document.
    requestAnimationFrame(() => {
      window.signedInAt = performance.now()
    })
  }
  const observer = new MutationObserver(look)
  observer.observe(document, { childList: true, subtree: true, characterData: true })
}

/**
 * Opens the app in a tab of its own, with an empty cache.
 *
 * @param isSlow - whether to slow everything down; not for the visit that signs the user in
 */
export async function visit(context: BrowserContext, site: Site, isSlow: boolean): Promise<Visit> {
  const page = await context.newPage()
  try {
    const session = await context.newCDPSession(page)
    await session.send('Network.enable')
    await session.send('Network.clearBrowserCache')
    let requests = 0
    session.on('Network.requestWillBeSent', ({ request }) => {
      const { origin, pathname, search } = new URL(request.url)
      const isFile =
        origin === new URL(site.url).origin && site.files.has(pathname) && search === ''
      if (!isFile && request.url.startsWith('http')) requests += 1
    })
    if (isSlow) {
      const throughput = slow.bitsPerSecond / 8
      await session.send('Network.emulateNetworkConditions', {
        offline: false,
        latency: slow.roundTrip,
        downloadThroughput: throughput,
        uploadThroughput: throughput,
      })
      await session.send('Emulation.setCPUThrottlingRate', { rate: slow.cpuSlowdown })
    }
    await page.addInitScript(watch)
    await page.goto(site.url, { waitUntil: 'commit' })
    const handle = await page.waitForFunction(() => window.signedInAt, undefined, { polling: 50 })
    return { milliseconds: Number(await handle.jsonValue()), requests }
  } finally {
    await page.close()
  }
}

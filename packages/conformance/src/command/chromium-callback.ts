// Stopping the redirect to the SPA in a browser before the SPA gets to load.
import type { Page } from 'playwright-core'
import { CannotRunError } from './cannot-run.ts'
import { isCallback } from './sign-in.ts'

/** The redirect that a page waits for. */
export interface AwaitedCallback {
  /** Rejects when it does not come in time. */
  readonly url: Promise<string>
  readonly isThere: () => boolean
}

/**
 * Watches a page for the redirect to the SPA, and lets it go no further: the code in it is ours to
 * spend. Through the browser's own protocol, because Playwright's routes do not see redirects.
 *
 * @param origin - of the SPA
 * @param timeout - in milliseconds
 * @see {@link https://chromedevtools.github.io/devtools-protocol/tot/Fetch/ Chrome DevTools Protocol, Fetch}
 */
export async function watchForCallback(
  page: Page,
  origin: string,
  timeout: number,
): Promise<AwaitedCallback> {
  let there = false
  let arrive: (url: string) => void = () => undefined
  const url = new Promise<string>((resolve, reject) => {
    arrive = resolve
    const late = `The browser did not come back to ${origin} within ${timeout / 1000} seconds.`
    const timer = setTimeout(() => reject(new CannotRunError(late)), timeout)
    page.on('close', () => {
      clearTimeout(timer)
      reject(new CannotRunError('The page was closed before a user had signed in.'))
    })
  })
  // It is awaited later, if at all.
  url.catch(() => {})

  const session = await page.context().newCDPSession(page)
  session.on('Fetch.requestPaused', ({ requestId, request }) => {
    const isAwaited = isCallback(request.url, origin)
    if (isAwaited) {
      there = true
      arrive(request.url)
    }
    const sent = isAwaited
      ? session.send('Fetch.failRequest', { requestId, errorReason: 'Aborted' })
      : session.send('Fetch.continueRequest', { requestId })
    // The page may be gone by now.
    sent.catch(() => {})
  })
  await session.send('Fetch.enable', { patterns: [{ urlPattern: `${origin}/*` }] })
  return { url, isThere: () => there }
}

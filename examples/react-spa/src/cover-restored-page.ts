// Hides a page that comes out of the back/forward cache until the agent has said who is signed in.
import type { AppClient } from './token-handler.ts'

/**
 * The back/forward cache keeps a page exactly as it was left: what a signed-in user saw would be
 * back on the screen, also after a sign-out in another tab. So the page is covered when it goes to
 * the cache, and uncovered when the session is known again.
 */
export function coverRestoredPage(client: AppClient): void {
  const root = document.documentElement
  const uncover = (): void => root.removeAttribute('data-restoring')

  window.addEventListener('pagehide', (event) => {
    if (event.persisted) root.setAttribute('data-restoring', '')
  })
  window.addEventListener('pageshow', (event) => {
    if (!event.persisted) return
    if (client.getSnapshot().status !== 'authenticated') uncover()
    // The client is asking already, and asks once. When it gets no answer, the page says so itself.
    else client.session().then(uncover, uncover)
  })
}

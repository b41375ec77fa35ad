// All that a browser gets to see, written down to be searched.
import type { Page } from 'playwright-core'
import { watchEventStreams } from './event-streams.ts'
import type { Sighting } from './leaks.ts'

/**
 * Watches a browser from now on: console lines, page errors, URLs and response bodies of all its
 * pages, and the event streams of one.
 *
 * @returns what was seen so far
 */
export async function watchBrowser(page: Page): Promise<() => Promise<readonly Sighting[]>> {
  const context = page.context()
  const pending: Promise<readonly Sighting[]>[] = []
  const see = (where: string, text: string): void => {
    pending.push(Promise.resolve([{ where, text }]))
  }
  context.on('console', (message) => see('console', message.text()))
  context.on('weberror', (error) => see('page error', String(error.error())))
  context.on('request', (request) => see('URL', request.url()))
  context.on('response', (response) => {
    // Has no end that could be waited for, and is watched in another way.
    if (response.headers()['content-type']?.startsWith('text/event-stream')) return
    // Redirects have no body, and a page that has gone takes its bodies with it.
    const body = response.text().catch(() => '')
    pending.push(body.then((text) => [{ where: `body of ${response.url()}`, text }]))
  })
  const readEventStreams = await watchEventStreams(page)
  return async () => [...(await Promise.all(pending)).flat(), ...(await readEventStreams())]
}

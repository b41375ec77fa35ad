// Reading the bodies of event streams while they are open: they have no end that could be waited for.
import type { Page } from 'playwright-core'
import type { Sighting } from './leaks.ts'

/**
 * Watches the event streams that a page opens from now on.
 *
 * @returns what they have brought so far, one text per stream: a secret may come in two pieces
 */
export async function watchEventStreams(page: Page): Promise<() => Promise<readonly Sighting[]>> {
  const streams = new Map<string, { readonly url: string; readonly pieces: Promise<string>[] }>()
  const devtools = await page.context().newCDPSession(page)
  devtools.on('Network.responseReceived', ({ requestId, response: { url, mimeType } }) => {
    if (mimeType !== 'text/event-stream') return
    const begin = devtools.send('Network.streamResourceContent', { requestId }).then(
      ({ bufferedData }) => bufferedData,
      // The page has left in between, and the stream with it.
      () => '',
    )
    streams.set(requestId, { url, pieces: [begin] })
  })
  devtools.on('Network.dataReceived', ({ requestId, data = '' }) => {
    streams.get(requestId)?.pieces.push(Promise.resolve(data))
  })
  await devtools.send('Network.enable')

  return () =>
    Promise.all(
      [...streams.values()].map(async ({ url, pieces }) => {
        const bytes = (await Promise.all(pieces)).map((piece) => Buffer.from(piece, 'base64'))
        return { where: `body of ${url}`, text: Buffer.concat(bytes).toString() }
      }),
    )
}

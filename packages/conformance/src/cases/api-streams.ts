// APIs that talk for a long time: event streams, and WebSockets of strangers.
import type { CaseContext, ConformanceCase } from '../case.ts'
import { check, checkEqual } from '../failure.ts'
import { checkRefusal, signIn, versionHeader } from '../steps.ts'

/** Reads the first piece of a stream and closes it. */
async function readBeginning(response: Response): Promise<string> {
  checkEqual(response.status, 200, 'status of the stream')
  const reader = response.body?.getReader()
  const beginning = await reader?.read()
  await reader?.cancel()
  return new TextDecoder().decode(beginning?.value)
}

const streamUrlOf = ({ subject }: CaseContext): string => subject.streamUrl ?? ''

/** What an EventSource on a page sends, which cannot set headers. */
const fromEventSource = (origin: string, site: string): RequestInit => ({
  headers: { accept: 'text/event-stream', origin, 'sec-fetch-site': site },
})

const handshake = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'sec-fetch-site': 'same-site',
}

/** Streams and upgrades. */
export const apiStreamCases: readonly ConformanceCase[] = [
  {
    id: 'api-stream-arrives-as-it-is-sent',
    title: 'The beginning of a stream reaches the page while the API is still sending',
    clause: 'HTML, server-sent events',
    needs: ['proxy', 'streaming'],
    run: async (context) => {
      const page = await signIn(context)
      const init = { credentials: 'include', headers: versionHeader } as const
      const beginning = await readBeginning(await page.fetch(streamUrlOf(context), init))
      check(beginning.length > 0, 'the stream ended without a word')
    },
  },
  {
    id: 'event-source-needs-no-version-header',
    title: 'EventSource, which cannot send the version header, is let in by its Sec-Fetch-Site',
    clause: 'Fetch Metadata Request Headers, Sec-Fetch-Site',
    needs: ['proxy', 'streaming', 'event-source'],
    run: async (context) => {
      const { subject, browser } = context
      await signIn(context)
      const init = fromEventSource(subject.origin, 'same-site')
      await readBeginning(await browser.sendRaw(streamUrlOf(context), init))
    },
  },
  {
    id: 'event-source-of-strangers',
    title: 'EventSource of an untrusted origin, or of another site, is refused',
    clause: 'Fetch Metadata Request Headers, Sec-Fetch-Site',
    needs: ['proxy', 'streaming', 'event-source'],
    run: async (context) => {
      const { subject, browser } = context
      await signIn(context)
      for (const [origin, site] of [
        ['https://evil.example', 'cross-site'],
        ['https://evil.example', 'same-site'],
        [subject.origin, 'cross-site'],
      ] as const) {
        const response = await browser.sendRaw(streamUrlOf(context), fromEventSource(origin, site))
        await checkRefusal(response, 403, 'untrusted_request')
      }
    },
  },
  {
    id: 'websocket-of-strangers',
    title: 'A WebSocket of an untrusted origin, or of none, is refused: CORS does not bind it',
    clause: 'RFC 6455 section 10.2',
    needs: ['proxy', 'origin-required'],
    run: async (context) => {
      const { subject, browser } = context
      await signIn(context)
      for (const origin of [{ origin: 'https://evil.example' }, { origin: 'null' }, {}]) {
        const headers = { ...handshake, ...origin }
        const response = await browser.sendRaw(subject.apiUrl, { headers })
        await checkRefusal(response, 403, 'untrusted_request')
      }
    },
  },
]

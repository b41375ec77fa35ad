// Sending many requests over connections that are kept alive.
import { errors, Pool } from 'undici'

/** What a browser sends with every request, besides the cookie. */
export const browserHeaders = {
  host: 'api.app.example',
  accept: 'application/json',
  'accept-encoding': 'gzip, deflate, br, zstd',
  'accept-language': 'sv,en;q=0.8',
  origin: 'https://www.app.example',
  referer: 'https://www.app.example/',
  'sec-ch-ua': '"Chromium";v="152", "Not.A/Brand";v="8"',
  'sec-ch-ua-mobile': '?0',
  'sec-ch-ua-platform': '"Linux"',
  'sec-fetch-dest': 'empty',
  'sec-fetch-mode': 'cors',
  'sec-fetch-site': 'same-site',
  'token-handler-version': '1',
  'user-agent':
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/152.0.0.0',
}

/** One kind of load. */
export interface LoadOptions {
  readonly path: string
  /** `Cookie` headers, taken in turn. */
  readonly cookies: readonly string[]
  /** Bytes that each request uploads; without any, it is a GET. */
  readonly upload?: number | undefined
  /** Connections, each with one request under way at a time. */
  readonly concurrency: number
}

/** Connections to a server, to send requests over. */
export interface Load {
  /** Sends so many requests; throws unless all are answered with 200. */
  readonly send: (requests: number) => Promise<void>
  readonly close: () => Promise<void>
}

/** Longer than a server waits for its next turn. */
const KEPT_ALIVE = 60_000

/** A gateway may close a connection, because it was used so often or so long ago, as a request is sent over it. */
async function getAgain<T>(send: () => Promise<T>): Promise<T> {
  try {
    return await send()
  } catch (error) {
    if (!(error instanceof errors.SocketError)) throw error
    return await send()
  }
}

/** Prepares a load. It goes on where it stopped, over the same connections and with the next cookies. */
export function createLoad(url: string, options: LoadOptions): Load {
  const { path, cookies, concurrency, upload = 0 } = options
  const pool = new Pool(url, {
    connections: concurrency,
    pipelining: 1,
    keepAliveTimeout: KEPT_ALIVE,
  })
  let sent = 0

  async function sendOne(): Promise<void> {
    const cookie = cookies[sent % cookies.length] ?? ''
    sent += 1
    const headers = { ...browserHeaders, cookie }
    const { statusCode, body } = await (upload === 0
      ? getAgain(() => pool.request({ method: 'GET', path, headers }))
      : pool.request({ method: 'POST', path, headers, body: Buffer.alloc(upload, 'x') }))
    await body.dump({ limit: Infinity })
    if (statusCode !== 200) throw new Error(`${url}${path} was answered with ${statusCode}.`)
  }

  return {
    async send(requests) {
      let left = requests
      const work = async () => {
        while (left > 0) {
          left -= 1
          await sendOne()
        }
      }
      await Promise.all(Array.from({ length: concurrency }, work))
    },
    close: () => pool.close(),
  }
}

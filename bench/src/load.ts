// Sending many requests over connections that are kept alive.
import { Pool } from 'undici'

/** What is sent, besides the cookie. */
const browserHeaders = {
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
export interface Load {
  readonly path: string
  readonly requests: number
  /** `Cookie` headers, taken in turn. */
  readonly cookies: readonly string[]
  /** Requests under way at a time. */
  readonly concurrency: number
}

/** Answers by status. */
export type Statuses = Map<number, number>

/** Sends the requests; resolves with the statuses of the answers. */
export async function sendLoad(url: string, load: Load): Promise<Statuses> {
  const { path, requests, cookies, concurrency } = load
  const pool = new Pool(url, { connections: concurrency, pipelining: 1 })
  const statuses: Statuses = new Map()
  let next = 0
  async function work(): Promise<void> {
    while (next < requests) {
      const cookie = cookies[next % cookies.length] ?? ''
      next += 1
      const headers = { ...browserHeaders, cookie }
      const { statusCode, body } = await pool.request({ method: 'GET', path, headers })
      await body.dump()
      statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, work))
  await pool.close()
  return statuses
}

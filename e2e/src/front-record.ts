// The record of what passed between browsers and a server: URLs, and the bodies as far as they have come.
import type { IncomingMessage } from 'node:http'
import { brotliDecompressSync, constants, gunzipSync } from 'node:zlib'

/** A request of a browser, and what has come of it. */
export interface Exchange {
  readonly method: string
  readonly url: string
  /** `undefined` while there is no answer. */
  readonly status: number | undefined
  readonly setCookies: readonly string[]
  /** Of a body without an end, what has come so far. */
  readonly readBody: () => string
}

/** A request under way. */
interface Entry {
  readonly answered: (answer: IncomingMessage) => void
}

/** A record that is being written. */
export interface FrontRecord {
  readonly begin: (method: string, url: string) => Entry
  readonly read: () => readonly Exchange[]
}

function decode(coding: string | undefined, bytes: Buffer): string {
  if (bytes.length === 0) return ''
  // A body may not have come to its end yet.
  if (coding === 'br') {
    return String(brotliDecompressSync(bytes, { finishFlush: constants.BROTLI_OPERATION_FLUSH }))
  }
  if (coding === 'gzip') {
    return String(gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }))
  }
  return String(bytes)
}

/** Begins an empty record. */
export function createRecord(): FrontRecord {
  const exchanges: Exchange[] = []
  return {
    read: () => [...exchanges],
    begin(method, url) {
      const chunks: Buffer[] = []
      let answer: IncomingMessage | undefined
      exchanges.push({
        method,
        url,
        get status() {
          return answer?.statusCode
        },
        get setCookies() {
          return answer?.headers['set-cookie'] ?? []
        },
        readBody: () => decode(answer?.headers['content-encoding'], Buffer.concat(chunks)),
      })
      return {
        answered(received) {
          answer = received
          received.on('data', (chunk: Buffer) => chunks.push(chunk))
        },
      }
    },
  }
}

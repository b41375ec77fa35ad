// A request of Node's as plain data.
import type { IncomingMessage } from 'node:http'
import { concatenate, fromFetch } from '../../http/plain.ts'
import type { PlainRequest } from '../../http/plain.ts'
import { BASE_HOST, toFetchRequest } from './fetch-request.ts'

/** Targets that URL parsing leaves as they are: no dot segments, nothing encoded, no query, no host. */
const PLAIN_TARGET = /^(?:\/[\w~-][\w.~-]*)+$/

const EMPTY = new Uint8Array()

/**
 * Reads a request without making objects of Fetch. One whose target is not plain is left to Fetch, so that URL parsing is
 * in one place only.
 *
 * @throws {TypeError} for a target that Fetch cannot express, and with one that is not plain for such a method
 */
export function readNodeRequest(incoming: IncomingMessage): PlainRequest {
  const { method = 'GET', rawHeaders, url = '/' } = incoming
  if (!PLAIN_TARGET.test(url)) return fromFetch(toFetchRequest(incoming))
  const header = (name: string) => findHeader(rawHeaders, name)
  return {
    method,
    pathname: url,
    host: header('host') ?? BASE_HOST,
    header,
    readBody: async (maxBytes) =>
      hasBody(method, header) ? await readBody(incoming, maxBytes) : EMPTY,
    toFetch: () => toFetchRequest(incoming),
  }
}

/**
 * All lines of a name, as Node's Fetch combines them: those of cookies so that each cookie can be told from the next,
 * since one that comes twice is refused. `incoming.headers` leaves out second lines of some names.
 */
function findHeader(rawHeaders: readonly string[], name: string): string | undefined {
  const separator = name === 'cookie' ? '; ' : ', '
  let found: string | undefined
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const line = rawHeaders[index]
    if (line === undefined || line.length !== name.length || line.toLowerCase() !== name) continue
    const value = rawHeaders[index + 1] ?? ''
    found = found === undefined ? value : found + separator + value
  }
  return found
}

/** @see {@link https://www.rfc-editor.org/rfc/rfc9112#section-6.3 RFC 9112 section 6.3} */
function hasBody(method: string, header: PlainRequest['header']): boolean {
  if (method === 'GET' || method === 'HEAD') return false
  if (header('transfer-encoding') !== undefined) return true
  const length = header('content-length')
  return length !== undefined && length !== '0'
}

/** When reading stops early, the connection stays open, so that the refusal can still be sent. */
function readBody(incoming: IncomingMessage, maxBytes: number): Promise<Uint8Array | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = []
    let length = 0
    const take = (chunk: Uint8Array): void => {
      length += chunk.length
      if (length <= maxBytes) chunks.push(chunk)
      else settle(() => resolve(undefined))
    }
    const end = (): void => settle(() => resolve(concatenate(chunks, length)))
    const breakOff = (): void => settle(() => reject(new Error('The body broke off.')))
    const settle = (action: () => void): void => {
      incoming.off('data', take).off('end', end).off('close', breakOff)
      incoming.resume()
      action()
    }
    if (incoming.destroyed) return breakOff()
    incoming.on('close', breakOff).on('end', end).on('data', take)
  })
}

// The entry `./ky`: an API client made with ky, on top of the session.
import ky from 'ky'
import type { KyInstance, Options } from 'ky'
import type { SessionFetch } from './fetch/session-fetch.ts'

/**
 * Makes a ky instance whose requests are sent by the client's `fetch`. Refresh and replay happen below
 * ky: its retries, hooks and errors are as without, and a 401 that the session answers is never seen by
 * them. ky's `timeout` (10 seconds by default) also covers the wait for a refresh.
 *
 * JSON, form and text bodies are sent again after a refresh, and others up to 1 MiB, files for instance; a
 * longer one, or a stream that goes on, rejects with `request_not_replayed`.
 *
 * @param tokenHandler - the client
 * @param options - ky's own, except `fetch`; ky 2 calls the base of relative inputs `prefix`
 *
 * @example
 * const api = createApi(tokenHandler, { prefix: 'https://api.example.com/api/' })
 * const orders = await api.get('orders').json(orderList)
 */
export function createApi(
  tokenHandler: { readonly fetch: SessionFetch },
  options: Omit<Options, 'fetch'> = {},
): KyInstance {
  return ky.create({ ...options, fetch: tokenHandler.fetch })
}

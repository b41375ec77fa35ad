// One connection to an upstream, as undici's client, mended where that is stricter than HTTP.
import { Client } from 'undici'
import type { buildConnector, Dispatcher } from 'undici'
import { dropContinues } from './unasked-continue.ts'
import type { HeadWatch } from './unasked-continue.ts'

/** Opens connections. */
export type Connect = ReturnType<typeof buildConnector>

/** Options of a client whose connections are opened by a function. */
export type ClientOptions = Omit<Client.Options, 'connect'> & { readonly connect: Connect }

/**
 * Creates a client that takes `100 Continue` as what it is. To be used as the `factory` of a `Pool`, which
 * has a client for each connection.
 */
export function createUpstreamClient(
  origin: string | URL,
  { connect, ...options }: ClientOptions,
): Client {
  let watch: HeadWatch | undefined
  const client = new Client(origin, {
    ...options,
    connect: (target, callback) =>
      connect(target, (error, socket) => {
        if (error !== null) return callback(error, null)
        watch = isHttp2(socket) ? undefined : dropContinues(socket)
        callback(null, socket)
      }),
  })
  const dispatch = client.dispatch.bind(client)
  client.dispatch = (request, handler) => {
    // All else is the handler's own; this is called right before the request is written.
    const watched: Dispatcher.DispatchHandler = Object.create(handler)
    watched.onRequestStart = (controller, context) => {
      watch?.expectHead()
      handler.onRequestStart?.(controller, context)
    }
    return dispatch(request, watched)
  }
  return client
}

const isHttp2 = (socket: object): boolean =>
  'alpnProtocol' in socket && socket.alpnProtocol === 'h2'

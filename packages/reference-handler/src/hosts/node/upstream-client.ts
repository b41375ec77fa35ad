// One connection to an upstream, as undici's client, mended where that is stricter than HTTP.
import { Client } from 'undici'
import type { buildConnector, Dispatcher } from 'undici'
import { dropContinues } from './unasked-continue.ts'
import type { HeadWatch } from './unasked-continue.ts'

/** Opens connections. */
export type Connect = ReturnType<typeof buildConnector>

/** Options of a client whose connections are opened by a function. */
export type ClientOptions = Omit<Client.Options, 'connect'> & { readonly connect: Connect }

/** A handler that says itself when its request is about to be written, so that none has to be put around it. */
export interface UpstreamHandler extends Dispatcher.DispatchHandler {
  /** The connection that the request is written to: set by the client, and told as the request starts. */
  connection: HeadWatch | undefined
}

/**
 * Creates a client that takes `100 Continue` as what it is. To be used as the `factory` of a `Pool`, which
 * has a client for each connection.
 */
export function createUpstreamClient(
  origin: string | URL,
  { connect, ...options }: ClientOptions,
): Client {
  let watch: HeadWatch | undefined
  const connection: HeadWatch = { expectHead: () => watch?.expectHead() }
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
    if (isUpstreamHandler(handler)) {
      handler.connection = connection
      return dispatch(request, handler)
    }
    // All else is the handler's own; this is called right before the request is written. Not for each request of an
    // API: the engine takes every prototype for one that stays, which costs more than all the rest of `forward`.
    const watched: Dispatcher.DispatchHandler = Object.create(handler)
    watched.onRequestStart = (controller, context) => {
      connection.expectHead()
      handler.onRequestStart?.(controller, context)
    }
    return dispatch(request, watched)
  }
  return client
}

const isUpstreamHandler = (handler: object): handler is UpstreamHandler => 'connection' in handler

const isHttp2 = (socket: object): boolean =>
  'alpnProtocol' in socket && socket.alpnProtocol === 'h2'

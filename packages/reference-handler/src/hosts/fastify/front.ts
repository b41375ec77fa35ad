// What stands before Fastify's router: each request with its answer, from the head of the one to the end of the other.
import type { FastifyInstance, FastifyReply } from 'fastify'
import { STATUS_CODES } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ImmediateAnswer } from './error-answers.ts'

/** A request and its answer. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** When its head had arrived, on the clock of `performance`. */
  readonly startedAt: number
  /** As the log names it; made when first asked for, by {@link Front.idOf}. */
  id: string | undefined
  /** Fastify's, which has it or had it; `undefined` for what is served past Fastify. */
  reply: FastifyReply | undefined
  /** Whether the agent serves it past Fastify. */
  isAgents: boolean
}

/** Whether it has been answered already, such as by the end of the server. */
export const isAnswered = ({ response }: Exchange): boolean =>
  response.headersSent || response.writableEnded

/** Serves a request, or hands it over to Fastify, also later, as long as nothing has been sent. It never throws. */
export type ServeExchange = (exchange: Exchange, handOver: () => void) => void

/** Answers a request; resolves when it has, or when nobody waits for an answer. */
export type ServePlace = (exchange: Exchange) => Promise<void>

/** Sees every request of a server first. */
export interface Front {
  /** Stands before a server, whose requests are identified by {@link Front.requestId}. To be called before any hook is added. */
  readonly attach: (app: FastifyInstance) => void
  /** Fastify's `genReqId`. */
  readonly requestId: (request: IncomingMessage) => string
  readonly idOf: (exchange: Exchange) => string
  /** Adds a check: a request that does not pass is left alone, and so is its connection. */
  readonly admitIf: (check: (exchange: Exchange) => boolean) => void
  /** Adds an action for the end of each answer, complete or not. */
  readonly onAnswered: (action: (exchange: Exchange) => void) => void
  /** Has a function answer all requests with this method and exactly this target; where it rejects, the answer is 500. */
  readonly servePlace: (method: string, target: string, serve: ServePlace) => void
  /** Has a function asked before Fastify, for all other requests. */
  readonly serveWith: (serve: ServeExchange) => void
}

/** What Fastify has been given. */
interface HandedOver {
  readonly exchange: Exchange
  /** The answer's `Connection` at that time. */
  readonly connection: ReturnType<ServerResponse['getHeader']>
}

/**
 * Creates a front. For each request Fastify makes two objects and a logger, runs its router and its hooks: a request that is
 * forwarded has no use for any of it. Whatever reaches Fastify by another way, such as `inject`, passes the checks and
 * actions, too.
 *
 * @param failed - makes the answer to a request on which something fails that never does
 */
export function createFront(failed: (request: IncomingMessage) => ImmediateAnswer): Front {
  const checks: ((exchange: Exchange) => boolean)[] = []
  const actions: ((exchange: Exchange) => void)[] = []
  const handedOver = new WeakMap<IncomingMessage, HandedOver>()
  const places = new Map<string, { method: string; serve: ServePlace }>()
  let serve: ServeExchange = (_exchange, handOver) => handOver()
  let ids = 0

  function idOf(exchange: Exchange): string {
    exchange.id ??= nextId()
    return exchange.id
  }

  function nextId(): string {
    ids += 1
    return `req-${ids.toString(36)}`
  }

  /** Whether the request was admitted. */
  function begin(exchange: Exchange): boolean {
    for (const isAdmitted of checks) if (!isAdmitted(exchange)) return false
    // `finish` does not come for a connection that the client has closed.
    exchange.response.on('close', () => {
      for (const act of actions) act(exchange)
    })
    return true
  }

  function adopt(request: IncomingMessage, response: ServerResponse, id: string) {
    const known = handedOver.get(request)
    if (known !== undefined) {
      restoreConnection(response, known.connection)
      return known.exchange
    }
    const exchange = createExchange(request, response, id)
    return begin(exchange) ? exchange : undefined
  }

  return {
    attach(app) {
      app.addHook('onRequest', ({ id, raw }, reply, done) => {
        const exchange = adopt(raw, reply.raw, id)
        if (exchange === undefined) return reply.hijack()
        exchange.reply = reply
        done()
      })
      // Fastify's router, and nothing else so far.
      app.server.removeAllListeners('request')
      app.server.on('request', (request: IncomingMessage, response: ServerResponse) => {
        const exchange = createExchange(request, response)
        if (!begin(exchange)) return
        const place = places.get(request.url ?? '')
        if (place !== undefined && place.method === request.method) {
          place.serve(exchange).catch((error: unknown) => giveUp(exchange, error))
          return
        }
        serve(exchange, () => {
          handedOver.set(request, { exchange, connection: response.getHeader('connection') })
          try {
            app.routing(request, response)
          } catch (error) {
            giveUp(exchange, error)
          }
        })
      })

      function giveUp(exchange: Exchange, error: unknown): void {
        const { request, response } = exchange
        app.log.error({ reqId: idOf(exchange), err: error }, 'unexpected error')
        // What has been answered in the meantime is on its way.
        if (response.writableEnded) return
        if (response.headersSent) return void response.destroy()
        const { status, headers, body } = failed(request)
        // A head that could not be written has left its words behind.
        response.writeHead(status, STATUS_CODES[status], headers).end(body)
      }
    },
    requestId(request) {
      const known = handedOver.get(request)
      return known === undefined ? nextId() : idOf(known.exchange)
    },
    idOf,
    admitIf: (check) => void checks.push(check),
    onAnswered: (action) => void actions.push(action),
    servePlace: (method, target, serve) => void places.set(target, { method, serve }),
    serveWith: (next) => {
      serve = next
    },
  }
}

/**
 * Takes back what Fastify makes of an answer's `Connection` when the server closes: `close`. Another request may have
 * followed while the decision about this one was made, and a connection ends with an answer that says `close`.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9112#section-9.6 RFC 9112 section 9.6}
 */
function restoreConnection(response: ServerResponse, value: HandedOver['connection']): void {
  // Node adds none of its own to an answer whose `Connection` was ever removed.
  if (response.getHeader('connection') === value) return
  if (value === undefined) response.removeHeader('connection')
  else response.setHeader('connection', value)
}

const createExchange = (
  request: IncomingMessage,
  response: ServerResponse,
  id?: string,
): Exchange => {
  const startedAt = performance.now()
  return { request, response, startedAt, id, reply: undefined, isAgents: false }
}

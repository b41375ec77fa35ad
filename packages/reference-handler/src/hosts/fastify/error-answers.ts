// Fastify's and Node's own errors, turned into the documented JSON in one place.
import { agentErrorStatus, JSON_CONTENT_TYPE, tokenHandler1Server } from '@token-handler/contract'
import type { AgentErrorCode } from '@token-handler/contract'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { corsHeaders, unservedPathPreflightHeaders, UNTRUSTED_PREFLIGHT } from '../../http/cors.ts'
import { jsonResponse, privateHeaders } from '../../http/json-response.ts'
import { isAnswering, watchAnswers } from '../node/answer-order.ts'
import { answerAndClose } from '../node/raw-answer.ts'

const codes: readonly AgentErrorCode[] = [
  'not_found',
  'method_not_allowed',
  'payload_too_large',
  'unsupported_media_type',
  'too_many_requests',
]

/** What Fastify calls a target that cannot be decoded. */
const BAD_TARGET = 'FST_ERR_BAD_URL'

/** The error code of a status; statuses without a code of their own share one. */
function codeOf(status: number): AgentErrorCode {
  if (status >= 500) return 'server_error'
  return codes.find((code) => agentErrorStatus[code] === status) ?? 'invalid_request'
}

/** Answers to what never reaches agent or proxy, or goes wrong on the way. */
export interface ErrorAnswers {
  readonly notFound: (request: FastifyRequest, reply: FastifyReply) => void
  readonly error: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => void
  /** To a request that the end of the server has overtaken. */
  readonly closing: (request: IncomingMessage) => ImmediateAnswer
  /** To a request on which something failed that never fails. */
  readonly failed: (request: IncomingMessage) => ImmediateAnswer
}

/** An answer that is there at once. */
export interface ImmediateAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Finds whose pages may read the error answer to a request. */
export type FindReaders = (request: IncomingMessage) => readonly string[]

/** Creates the error answers of a deployment. */
export function createErrorAnswers(findReaders: FindReaders): ErrorAnswers {
  function answer(request: FastifyRequest, reply: FastifyReply, status: number): void {
    const body = tokenHandler1Server.encodeError({ code: codeOf(status) })
    const headers = corsHeaders(request.headers.origin, findReaders(request.raw))
    void reply.send(jsonResponse(status, body, headers))
  }

  /** Answers the preflight of a request that is refused whatever it holds; false where it is none. */
  function answerPreflight(request: FastifyRequest, reply: FastifyReply): boolean {
    const { headers: asked, method, raw } = request
    if (method !== 'OPTIONS') return false
    const headers = unservedPathPreflightHeaders(findReaders(raw), (name) => asked[name])
    if (headers === undefined) return false
    if (headers['access-control-allow-origin'] === undefined) {
      request.log.info({ origin: asked.origin }, UNTRUSTED_PREFLIGHT)
    }
    void reply.send(new Response(null, { status: 204, headers }))
    return true
  }

  function immediate(
    request: IncomingMessage,
    code: AgentErrorCode,
    more: Readonly<Record<string, string>> = {},
  ): ImmediateAnswer {
    const body = JSON.stringify(tokenHandler1Server.encodeError({ code }))
    const headers = {
      ...corsHeaders(request.headers.origin, findReaders(request)),
      ...privateHeaders,
      'content-type': JSON_CONTENT_TYPE,
      'content-length': String(body.length),
      ...more,
    }
    return { status: agentErrorStatus[code], headers, body }
  }

  return {
    notFound(request, reply) {
      if (!answerPreflight(request, reply)) answer(request, reply, 404)
    },
    error(error, request, reply) {
      const { statusCode = 500, code } = error
      if (statusCode >= 500) request.log.error({ err: error }, 'unexpected error')
      else request.log.debug({ code }, 'malformed request')
      if (code === BAD_TARGET && answerPreflight(request, reply)) return
      answer(request, reply, statusCode)
    },
    closing: (request) => immediate(request, 'temporarily_unavailable', { 'retry-after': '1' }),
    failed: (request) => immediate(request, 'server_error'),
  }
}

/** Statuses of requests that Node's parser gives up on; 400 for all others. */
const parserStatuses: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
}

/**
 * Answers a connection whose request could not be parsed, and closes it. The error holds the raw
 * packet, so nothing of it is logged.
 */
export function answerParserError(error: Error & { code?: string }, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy()
  else writeError(socket, parserStatuses[error.code ?? ''] ?? 400)
}

/**
 * Takes over two things that Node answers by itself, and not with JSON: `CONNECT`, which is refused
 * because this is no forward proxy, and expectations other than `100-continue`, which are ignored.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110#section-10.1.1 RFC 9110 section 10.1.1}
 */
export function answerForNode({ server }: FastifyInstance): void {
  watchAnswers(server)
  server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
    socket.on('error', () => socket.destroy())
    writeError(socket, 400)
  })
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    server.emit('request', request, response)
  })
}

/** Answers with an error, if that is possible, and closes the connection. */
function writeError(socket: Duplex, status: number): void {
  if (isAnswering(socket)) {
    socket.destroy()
    return
  }
  const body = JSON.stringify(tokenHandler1Server.encodeError({ code: codeOf(status) }))
  const headers = [...Object.entries(privateHeaders).flat(), 'content-type', JSON_CONTENT_TYPE]
  answerAndClose(socket, status, headers, body)
}

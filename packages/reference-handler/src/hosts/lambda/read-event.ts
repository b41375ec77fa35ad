// The request in an event: its target and its header lines, as far as the event still has them.
import type { ClientConnection, HeaderLines } from '../../proxy/headers.ts'
import { sourceOf } from './events.ts'
import type { EventSource, EventV1, EventV2, HttpEvent } from './events.ts'

/** A request as an event tells it. */
export interface EventRequest {
  readonly source: EventSource
  /** Whether the event has values of several lines apart, and so may the answer; where it is asked. */
  readonly isMultiValue: boolean
  readonly method: string
  /** Path and query as they came, or as near to it as the event has them. */
  readonly target: string
  readonly headers: HeaderLines
  readonly connection: ClientConnection
  readonly body: Uint8Array<ArrayBuffer> | undefined
}

/** Reads an event. */
export function readEvent(event: HttpEvent): EventRequest {
  const source = sourceOf(event)
  return 'rawPath' in event ? readV2(event, source) : readV1(event, source)
}

function readV2(event: EventV2, source: EventSource): EventRequest {
  const { cookies = [], headers, rawQueryString, requestContext } = event
  const { http, stage } = requestContext
  const path = withoutStage(event.rawPath, stage)
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    name.toLowerCase() === 'cookie' && cookies.length > 0 ? [] : [name, value],
  )
  if (cookies.length > 0) lines.push('cookie', cookies.join('; '))
  return {
    source,
    isMultiValue: true,
    method: http.method,
    target: (source === 'http-api' ? encodePath(path) : path) + queryOf(rawQueryString),
    headers: lines,
    connection: { protocol: protocolOf(lines), address: http.sourceIp },
    body: bodyOf(event),
  }
}

function readV1(event: EventV1, source: EventSource): EventRequest {
  const { headers, httpMethod: method, multiValueHeaders, path, requestContext } = event
  const lines = multiValueHeaders
    ? Object.entries(multiValueHeaders).flatMap(([name, values = []]) =>
        values.flatMap((value) => [name, value]),
      )
    : Object.entries(headers ?? {}).flatMap(([name, value]) =>
        value === undefined ? [] : [name, value],
      )
  const forwardedFor = findLine(lines, 'x-forwarded-for')?.split(',').at(-1)?.trim()
  const address = source === 'load-balancer' ? forwardedFor : requestContext.identity?.sourceIp
  return {
    source,
    isMultiValue: source === 'rest-api' || Boolean(multiValueHeaders),
    method,
    target: path + queryOf(queryTextOf(event, source)),
    headers: lines,
    connection: { protocol: protocolOf(lines), address },
    body: bodyOf(event),
  }
}

/** In a REST API names and values are decoded, and in a load balancer they are as they came. */
function queryTextOf(event: EventV1, source: EventSource): string {
  const { multiValueQueryStringParameters: several, queryStringParameters: single } = event
  const encode = source === 'rest-api' ? encodeURIComponent : (text: string) => text
  const pairs = several
    ? Object.entries(several).flatMap(([name, values = []]) => values.map((value) => [name, value]))
    : Object.entries(single ?? {})
  return pairs.map(([name = '', value = '']) => `${encode(name)}=${encode(value)}`).join('&')
}

const queryOf = (text: string): string => (text === '' ? '' : `?${text}`)

function withoutStage(path: string, stage: string | undefined): string {
  if (stage === undefined || stage === '$default' || !path.startsWith(`/${stage}`)) return path
  const rest = path.slice(stage.length + 1)
  return rest === '' || rest.startsWith('/') ? rest || '/' : path
}

/**
 * Encodes a path that came decoded. Whatever was encoded in it, what is judged is what is sent: a slash that was
 * encoded is a slash from here on, and a percent sign is one that stands for itself.
 */
const encodePath = (path: string): string =>
  path.replaceAll(/[^\w.~!$&'()*+,;=:@/-]+/g, encodeURIComponent)

/** Gateways say it, and clients cannot: AWS sets it anew. */
const protocolOf = (lines: HeaderLines): 'http' | 'https' =>
  findLine(lines, 'x-forwarded-proto') === 'http' ? 'http' : 'https'

function bodyOf({ body, isBase64Encoded }: HttpEvent): EventRequest['body'] {
  if (!body) return undefined
  return new Uint8Array(Buffer.from(body, isBase64Encoded === true ? 'base64' : 'utf8'))
}

/** The last line of a name, given in lower case. */
export function findLine(lines: HeaderLines, name: string): string | undefined {
  for (let index = lines.length - 2; index >= 0; index -= 2) {
    if (lines[index]?.toLowerCase() === name) return lines[index + 1]
  }
  return undefined
}

// Events as AWS makes them of HTTP requests, one form for each thing that can stand before a function.
import type { EventV1, EventV2, HttpEvent } from '@token-handler/reference-handler/lambda'

/** A request as it came over the wire. */
export interface WireRequest {
  readonly method: string
  readonly target: string
  /** Name and value in turn. */
  readonly lines: readonly string[]
  readonly body: Buffer
  readonly address: string
}

/** What stands before a function. */
export type EventShape =
  | 'http-api'
  | 'function-url'
  | 'rest-api'
  | 'load-balancer'
  | 'load-balancer-single'

/** Makes the event of a request. AWS refuses some targets itself; then there is none. */
export const makeEvent: Readonly<
  Record<EventShape, (request: WireRequest) => HttpEvent | undefined>
> = {
  'http-api': (request) => v2(request, 'abc.execute-api.eu-central-1.amazonaws.com', decode),
  'function-url': (request) => v2(request, 'abc.lambda-url.eu-central-1.on.aws', (path) => path),
  'rest-api': (request) => v1(request, true),
  'load-balancer': (request) => balancer(request, true),
  'load-balancer-single': (request) => balancer(request, false),
}

function split(target: string): { path: string; query: string } {
  const end = target.indexOf('?')
  return end < 0
    ? { path: target, query: '' }
    : { path: target.slice(0, end), query: target.slice(end + 1) }
}

/** An HTTP API hands on the path decoded. */
function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}

function grouped(lines: readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  for (let index = 0; index < lines.length; index += 2) {
    const name = (lines[index] ?? '').toLowerCase()
    groups.set(name, [...(groups.get(name) ?? []), lines[index + 1] ?? ''])
  }
  return groups
}

/** Always as base64, so that no byte is lost. */
const bodyOf = (body: Buffer) =>
  body.length > 0
    ? { body: body.toString('base64'), isBase64Encoded: true }
    : { isBase64Encoded: false }

const withGateway = ({ lines, address }: WireRequest): readonly string[] => [
  ...lines,
  'x-forwarded-for',
  address,
  'x-forwarded-proto',
  'http',
]

function v2(
  request: WireRequest,
  domainName: string,
  read: (path: string) => string | undefined,
): EventV2 | undefined {
  const { path, query } = split(request.target)
  const rawPath = read(path)
  if (rawPath === undefined) return undefined
  const groups = grouped(withGateway(request))
  const cookies = groups.get('cookie')?.flatMap((line) => line.split('; '))
  groups.delete('cookie')
  return {
    version: '2.0',
    rawPath,
    rawQueryString: query,
    ...(cookies && { cookies }),
    headers: Object.fromEntries([...groups].map(([name, values]) => [name, values.join(',')])),
    requestContext: {
      domainName,
      stage: '$default',
      http: { method: request.method, sourceIp: request.address },
    },
    ...bodyOf(request.body),
  }
}

function parameters(query: string, read: (text: string) => string): Map<string, string[]> {
  const several = new Map<string, string[]>()
  for (const pair of query === '' ? [] : query.split('&')) {
    const [name = '', ...value] = pair.split('=')
    const key = read(name)
    several.set(key, [...(several.get(key) ?? []), read(value.join('='))])
  }
  return several
}

const unescape = (text: string): string => decode(text.replaceAll('+', ' ')) ?? text

function v1(request: WireRequest, isDecoded: boolean): EventV1 {
  const { path, query } = split(request.target)
  const groups = grouped(withGateway(request))
  const several = parameters(query, isDecoded ? unescape : (text) => text)
  return {
    httpMethod: request.method,
    path,
    headers: Object.fromEntries([...groups].map(([name, values]) => [name, values.at(-1) ?? ''])),
    multiValueHeaders: Object.fromEntries(groups),
    multiValueQueryStringParameters: Object.fromEntries(several),
    requestContext: { identity: { sourceIp: request.address } },
    ...bodyOf(request.body),
  }
}

function balancer(request: WireRequest, isMultiValue: boolean): EventV1 {
  const { headers, multiValueHeaders, multiValueQueryStringParameters, ...rest } = v1(
    request,
    false,
  )
  const requestContext = { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:…' } }
  if (isMultiValue) {
    return { ...rest, multiValueHeaders, multiValueQueryStringParameters, requestContext }
  }
  const single = Object.entries(multiValueQueryStringParameters ?? {})
  const queryStringParameters = Object.fromEntries(
    single.map(([name, values]) => [name, values?.at(-1)]),
  )
  return { ...rest, headers, queryStringParameters, requestContext }
}

// The events by which HTTP reaches a function of AWS Lambda, as far as they are read here.

/** Of API Gateway's HTTP APIs, and of function URLs: payload format 2.0. */
export interface EventV2 {
  readonly version: '2.0'
  /** Of HTTP APIs decoded, of function URLs as it came; with the stage, unless that is `$default`. */
  readonly rawPath: string
  readonly rawQueryString: string
  readonly cookies?: readonly string[] | undefined
  /** Names in lower case; values of several lines joined by commas. */
  readonly headers: Readonly<Record<string, string>>
  readonly requestContext: {
    readonly domainName?: string | undefined
    readonly stage?: string | undefined
    readonly http: { readonly method: string; readonly sourceIp?: string | undefined }
  }
  readonly body?: string | undefined
  readonly isBase64Encoded?: boolean | undefined
}

/** Of API Gateway's REST APIs, and of Application Load Balancers. */
export interface EventV1 {
  readonly version?: '1.0' | undefined
  readonly httpMethod: string
  /** As it came, without the stage. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string | undefined>> | null | undefined
  readonly multiValueHeaders?:
    | Readonly<Record<string, readonly string[] | undefined>>
    | null
    | undefined
  /** Decoded in REST APIs, as it came in load balancers. */
  readonly queryStringParameters?: Readonly<Record<string, string | undefined>> | null | undefined
  readonly multiValueQueryStringParameters?:
    | Readonly<Record<string, readonly string[] | undefined>>
    | null
    | undefined
  readonly requestContext: {
    /** In load balancers alone. */
    readonly elb?: unknown
    readonly domainName?: string | undefined
    readonly identity?: { readonly sourceIp?: string | undefined } | undefined
  }
  readonly body?: string | null | undefined
  readonly isBase64Encoded?: boolean | undefined
}

/** An event that carries a request. */
export type HttpEvent = EventV1 | EventV2

/** What sends an event, and wants an answer of its own form. */
export type EventSource = 'http-api' | 'function-url' | 'rest-api' | 'load-balancer'

/** What a buffered answer is, for all of them: each reads the members that it knows. */
export interface LambdaAnswer {
  readonly statusCode: number
  readonly statusDescription?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>
  readonly cookies?: readonly string[]
  readonly body: string
  readonly isBase64Encoded: boolean
}

/** What is read of the surroundings of an invocation. */
export interface LambdaContext {
  /** Milliseconds until the function is ended. */
  readonly getRemainingTimeInMillis: () => number
}

const isV2 = (event: HttpEvent): event is EventV2 => event.version === '2.0'

/** Says what has sent an event. */
export function sourceOf(event: HttpEvent): EventSource {
  if (!isV2(event)) return event.requestContext.elb === undefined ? 'rest-api' : 'load-balancer'
  const isUrl = /\.lambda-url\.[\w-]+\.on\.aws$/.test(event.requestContext.domainName ?? '')
  return isUrl ? 'function-url' : 'http-api'
}

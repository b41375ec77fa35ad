// What stands before a function: HTTP in, events out, and back.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { portOf } from '../port-of.ts'
import { makeEvent } from './events.ts'
import type { EventShape } from './events.ts'
import type { LambdaFunction } from './runtime.ts'

interface Head {
  readonly statusCode: number
  readonly headers?: Readonly<Record<string, string>>
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>
  readonly cookies?: readonly string[]
  readonly body?: string
  readonly isBase64Encoded?: boolean
}

/** Ends the head of an answer that is streamed. */
const DELIMITER = Buffer.alloc(8)

/** A gateway that runs. */
export interface EventGateway {
  readonly port: number
  readonly stop: () => Promise<void>
}

/** Starts a gateway before a function. */
export async function startEventGateway(
  shape: EventShape,
  lambda: LambdaFunction,
): Promise<EventGateway> {
  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy())
  })

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const event = makeEvent[shape]({
      method: request.method ?? '',
      target: request.url ?? '',
      lines: request.rawHeaders,
      body: Buffer.concat(chunks),
      address: '192.0.2.1',
    })
    if (event === undefined) {
      response.writeHead(400, { 'content-type': 'application/json' })
      response.end('{"message":"Bad Request"}')
      return
    }
    lambda.invoke({
      event,
      answer: (answer) => void take(answer, response, shape).catch(() => response.destroy()),
      fail: () => response.writeHead(502).end(),
    })
  }
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    port: portOf(server),
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => {
        server.close(resolve)
      })
    },
  }
}

async function take(
  answer: IncomingMessage,
  response: ServerResponse,
  shape: EventShape,
): Promise<void> {
  const isStreamed = answer.headers['lambda-runtime-function-response-mode'] === 'streaming'
  let held = Buffer.alloc(0)
  let hasHead = false
  for await (const chunk of answer) {
    if (hasHead) {
      response.write(chunk)
      continue
    }
    held = Buffer.concat([held, chunk as Buffer])
    const end = isStreamed ? held.indexOf(DELIMITER) : -1
    if (end < 0) continue
    hasHead = true
    writeHead(JSON.parse(held.subarray(0, end).toString()) as Head, response, shape)
    response.flushHeaders()
    if (held.length > end + 8) response.write(held.subarray(end + 8))
  }
  if (isStreamed) {
    if (hasHead) response.end()
    else response.writeHead(502).end()
    return
  }
  const head = JSON.parse(held.toString()) as Head
  writeHead(head, response, shape)
  response.end(Buffer.from(head.body ?? '', head.isBase64Encoded ? 'base64' : 'utf8'))
}

/** Each reads the members that it knows, and no other. */
function writeHead(head: Head, response: ServerResponse, shape: EventShape): void {
  const lines: string[] = []
  const isV2 = shape === 'http-api' || shape === 'function-url'
  const isSingle = isV2 || shape === 'load-balancer-single'
  if (shape !== 'load-balancer') {
    for (const [name, value] of Object.entries(head.headers ?? {})) lines.push(name, value)
  }
  if (!isSingle) {
    for (const [name, values] of Object.entries(head.multiValueHeaders ?? {})) {
      for (const value of values) lines.push(name, value)
    }
  }
  if (isV2) for (const cookie of head.cookies ?? []) lines.push('set-cookie', cookie)
  response.writeHead(
    head.statusCode,
    lines.filter((_, index) => lines[index - (index % 2)]?.toLowerCase() !== 'content-length'),
  )
}

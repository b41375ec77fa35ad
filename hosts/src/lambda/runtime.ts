// Functions in AWS's own runtime client: the Runtime API for it, and as many processes as invocations at a time.
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { portOf } from '../port-of.ts'

/** What a function answers: whole, or its head and then pieces. */
export interface Invocation {
  /** The event. */
  readonly event: unknown
  /** Called with the runtime's request that carries the answer. */
  readonly answer: (answer: IncomingMessage) => void
  /** Called when the function has thrown, or has ended. */
  readonly fail: () => void
}

/** A function that is invoked. */
export interface LambdaFunction {
  readonly invoke: (invocation: Invocation) => void
  /** What all processes have written so far. */
  readonly log: () => string
  readonly stop: () => Promise<void>
}

/** How a function is started. */
export interface FunctionOptions {
  /** With `index.mjs` in it. */
  readonly folder: string
  /** Its timeout, in milliseconds. @default 30000 */
  readonly timeout?: number
  /** Processes, each of which takes one invocation at a time. */
  readonly concurrency: number
  readonly environment: Readonly<Record<string, string>>
}

const client = createRequire(import.meta.url).resolve('aws-lambda-ric')

/** In place of the part in C++, which takes a compiler: see that file. */
const transport = fileURLToPath(new URL('transport.cjs', import.meta.url))

/** Starts a function, whose handler is `index.handler`. */
export async function startFunction(options: FunctionOptions): Promise<LambdaFunction> {
  const { concurrency, environment, folder, timeout = 30_000 } = options
  const waiting: Invocation[] = []
  const idle: ServerResponse[] = []
  const open = new Map<string, Invocation>()
  let count = 0
  let output = ''

  function give(response: ServerResponse, invocation: Invocation): void {
    const id = `invocation-${(count += 1)}`
    open.set(id, invocation)
    response.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': id,
      'lambda-runtime-deadline-ms': String(Date.now() + timeout),
      'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:eu-central-1:1:function:handler',
    })
    response.end(JSON.stringify(invocation.event))
  }

  const api = createServer((request, response) => {
    const parts = (request.url ?? '').split('/')
    if (parts.at(-1) === 'next') {
      const invocation = waiting.shift()
      if (invocation === undefined) idle.push(response)
      else give(response, invocation)
      return
    }
    const id = parts.at(-2) ?? ''
    const invocation = open.get(id)
    open.delete(id)
    request.on('end', () => response.writeHead(202).end('{}'))
    if (parts.at(-1) === 'response' && invocation) return invocation.answer(request)
    request.resume()
    invocation?.fail()
  })
  await once(api.listen(0, '127.0.0.1'), 'listening')

  const start = (): ChildProcess => {
    const child = spawn(process.execPath, ['--require', transport, client, 'index.handler'], {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${portOf(api)}`,
        AWS_LAMBDA_FUNCTION_NAME: 'handler',
        AWS_LAMBDA_FUNCTION_VERSION: '1',
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
        AWS_LAMBDA_LOG_GROUP_NAME: 'group',
        AWS_LAMBDA_LOG_STREAM_NAME: 'stream',
        // It asks for invocations by node:http.
        AWS_LAMBDA_NODEJS_USE_ALTERNATIVE_CLIENT_1: 'true',
        LAMBDA_TASK_ROOT: folder,
        _HANDLER: 'index.handler',
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => (output += chunk))
    }
    return child
  }
  const children = Array.from({ length: concurrency }, start)

  return {
    invoke(invocation) {
      const response = idle.shift()
      if (response === undefined) waiting.push(invocation)
      else give(response, invocation)
    },
    log: () => output,
    async stop() {
      for (const invocation of [...waiting, ...open.values()]) invocation.fail()
      await Promise.all(
        children.map(async (child) => {
          if (child.exitCode !== null || child.signalCode !== null) return
          const ended = once(child, 'exit')
          child.kill('SIGKILL')
          await ended
        }),
      )
      api.closeAllConnections()
      api.close()
    },
  }
}

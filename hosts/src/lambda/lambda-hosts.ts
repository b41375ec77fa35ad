// The function behind each thing that invokes it, as hosts of the conformance suite.
import { join } from 'node:path'
import type { Capability } from '@token-handler/conformance'
import type { Configuration } from '@token-handler/reference-handler'
import { build } from 'esbuild'
import { writeFile } from 'node:fs/promises'
import type { HostOptions } from '../host.ts'
import type { RunningHost } from '../process.ts'
import type { EventShape } from './events.ts'
import { startEventGateway } from './gateway.ts'
import { startFunction } from './runtime.ts'

/** A host whose runtime is AWS's. */
export interface LambdaHost {
  /** Heads its column in docs/conformance.md. */
  readonly name: string
  readonly shape: EventShape
  readonly creator: 'createLambdaHandler' | 'createStreamingHandler'
  /** What it cannot do, and the other hosts can. */
  readonly lacks?: readonly Capability[]
  /** Invocations at a time. @default 2 */
  readonly concurrency?: number
  /** Cases that cannot pass, by id, with the reason. */
  readonly skips?: Readonly<Record<string, string>>
}

/** Answers are read whole, so nothing of a stream arrives before its end. */
const buffered = ['streaming', 'event-source'] as const

/** The hosts. */
export const lambdaHosts: readonly LambdaHost[] = [
  {
    name: 'Lambda, HTTP API',
    shape: 'http-api',
    creator: 'createLambdaHandler',
    lacks: buffered,
  },
  {
    name: 'Lambda, REST API',
    shape: 'rest-api',
    creator: 'createLambdaHandler',
    lacks: buffered,
    skips: {
      'api-receives-the-request-as-it-is':
        'A REST API decodes the query: `+` arrives as `%20`, which means the same in forms alone.',
    },
  },
  {
    name: 'Lambda, load balancer',
    shape: 'load-balancer',
    creator: 'createLambdaHandler',
    lacks: buffered,
  },
  {
    name: 'Lambda, function URL with streaming',
    shape: 'function-url',
    creator: 'createStreamingHandler',
    // Nobody tells a function that its client has left: a stream takes an invocation until time is up.
    concurrency: 6,
  },
]

/** How a function is started, beyond what a host is. */
export interface LambdaStart extends HostOptions {
  readonly concurrency?: number
  readonly timeout?: number
  /** In place of a function that is made by the creator of the host. */
  readonly code?: string
}

/** The code of a function, whose settings are those of a configuration. */
export const functionOf = (creator: string, settings: Configuration | object): string => `
import { ${creator} } from '@token-handler/reference-handler/lambda'
export const handler = ${creator}({ settings: ${JSON.stringify(settings)}, environment: {} })
`

/** Bundles a function as it would be deployed: one file for Node. */
export async function bundleFunction(code: string, folder: string): Promise<string> {
  const outfile = join(folder, 'index.mjs')
  await writeFile(join(folder, 'package.json'), '{"type":"module"}')
  const { warnings } = await build({
    stdin: { contents: code, resolveDir: import.meta.dirname, loader: 'ts' },
    outfile,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    conditions: ['@token-handler/source'],
    // Of packages in CommonJS that ask for Node's modules.
    banner: {
      js: "import { createRequire } from 'node:module';const require = createRequire(import.meta.url);",
    },
    logLevel: 'silent',
  })
  if (warnings.length > 0) throw new Error(warnings.map(({ text }) => text).join('\n'))
  return outfile
}

/** Starts the function and what invokes it. */
export async function startLambda(
  host: Pick<LambdaHost, 'concurrency' | 'creator' | 'shape'>,
  options: LambdaStart,
): Promise<RunningHost> {
  const { creator, shape } = host
  const { concurrency = host.concurrency ?? 2, configuration, folder, timeout } = options
  const { code = functionOf(creator, configuration) } = options
  await bundleFunction(code, folder)
  const lambda = await startFunction({
    folder,
    concurrency,
    environment: {},
    ...(timeout !== undefined && { timeout }),
  })
  const gateway = await startEventGateway(shape, lambda)
  return {
    port: gateway.port,
    log: lambda.log,
    async stop() {
      await lambda.stop()
      await gateway.stop()
    },
  }
}

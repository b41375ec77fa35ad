// The hosts, each an entry of data: the code it runs, and the runtime that runs it.
import { join } from 'node:path'
import type { Configuration } from '@token-handler/reference-handler'
import { findBinary } from './binaries.ts'
import type { Runtime } from './binaries.ts'
import { asSource, bundle } from './bundle.ts'
import type { Host, HostOptions } from './host.ts'
import { startProcess } from './process.ts'
import { startWorkerd } from './workerd.ts'

const binaryOf = (runtime: Runtime): string => {
  const binary = findBinary(runtime)
  if (binary === undefined) throw new Error(`npm has brought no ${runtime} for this machine.`)
  return binary
}

/** What the servers below print when they listen. */
const readPort = (line: string): number | undefined => {
  const port = /^port (\d+)$/.exec(line)?.[1]
  return port === undefined ? undefined : Number(port)
}

/** Deno and Bun take their proxy from the environment; the API is reached without it. */
const proxied = (proxyPort: number) => ({
  HTTP_PROXY: `http://127.0.0.1:${proxyPort}`,
  NO_PROXY: '127.0.0.1',
})

const denoWorker = (configuration: Configuration): string => `
import { createDenoHandler, parseConfiguration } from '@token-handler/reference-handler/worker'
const configuration = parseConfiguration(${JSON.stringify(configuration)})
const onListen = ({ port }) => console.log('port ' + port)
Deno.serve({ hostname: '127.0.0.1', port: 0, onListen }, createDenoHandler(configuration))
`

const bunWorker = (configuration: Configuration): string => `
import { createBunHandler, parseConfiguration } from '@token-handler/reference-handler/worker'
const configuration = parseConfiguration(${JSON.stringify(configuration)})
const handler = createBunHandler(configuration)
// No limit to the silence of an event stream.
const server = Bun.serve({ hostname: '127.0.0.1', port: 0, idleTimeout: 0, ...handler })
console.log('port ' + server.port)
`

const fastifyServer = (configuration: Configuration): string => `
import { parseConfiguration } from '@token-handler/reference-handler'
import { createServer } from '@token-handler/reference-handler/fastify'
const server = createServer(parseConfiguration(${JSON.stringify(configuration)}))
await server.listen({ host: '127.0.0.1', port: 0 })
console.log('port ' + server.server.address().port)
`

/** The hosts. */
export const hosts: readonly Host[] = [
  {
    name: 'Worker on workerd',
    runtime: 'workerd',
    isWorker: true,
    // Known headers without a value do not reach a worker.
    lacks: ['empty-origin'],
    start: startWorkerd,
  },
  {
    name: 'Worker on Deno',
    runtime: 'deno',
    isWorker: true,
    async start({ configuration, folder, proxyPort }: HostOptions) {
      await bundle(asSource(denoWorker(configuration)), join(folder, 'worker.mjs'))
      return await startProcess({
        command: binaryOf('deno'),
        args: ['run', '--no-config', '--no-lock', '--allow-net', 'worker.mjs'],
        cwd: folder,
        environment: proxied(proxyPort),
        readPort,
      })
    },
  },
  {
    name: 'Worker on Bun',
    runtime: 'bun',
    isWorker: true,
    async start({ configuration, folder, proxyPort }: HostOptions) {
      await bundle(asSource(bunWorker(configuration)), join(folder, 'worker.mjs'))
      return await startProcess({
        command: binaryOf('bun'),
        args: ['run', 'worker.mjs'],
        cwd: folder,
        environment: proxied(proxyPort),
        readPort,
      })
    },
  },
  {
    name: 'Fastify on Deno',
    runtime: 'deno',
    isWorker: false,
    async start({ configuration, folder }: HostOptions) {
      return await startProcess({
        command: binaryOf('deno'),
        args: [
          'eval',
          '--no-lock',
          '--node-modules-dir=manual',
          '--conditions=@token-handler/source',
          fastifyServer(configuration),
        ],
        // Where the packages are found.
        cwd: join(import.meta.dirname, '..'),
        environment: { HOME: folder },
        readPort,
      })
    },
  },
]

/** Those that are the Fetch handler. */
export const workers: readonly Host[] = hosts.filter(({ isWorker }) => isWorker)

// What a host is to the tests: a name, and how it starts.
import type { Capability } from '@token-handler/conformance'
import type { Configuration } from '@token-handler/reference-handler'
import type { Runtime } from './binaries.ts'
import type { RunningHost } from './process.ts'

/** What a host is started with. */
export interface HostOptions {
  readonly configuration: Configuration
  /** A folder of its own, to write into. */
  readonly folder: string
  /** Port of a forward proxy that knows `*.localhost`. */
  readonly proxyPort: number
}

/** A host of agent and proxy. */
export interface StartableHost {
  /** Heads its column in docs/conformance.md. */
  readonly name: string
  /** What of a subject it cannot do, and the other hosts can. */
  readonly lacks?: readonly Capability[]
  readonly start: (options: HostOptions) => Promise<RunningHost>
}

/** A host in a runtime. */
export interface Host extends StartableHost {
  readonly runtime: Runtime
  /** Whether it is the Fetch handler; the others are the Fastify host. */
  readonly isWorker: boolean
}

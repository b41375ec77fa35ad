// Processes to measure: starting them, the CPU time and memory they have used, and ending them.
import { execFileSync, fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A server in a process of its own. */
export interface ServerProcess {
  /** Without a trailing slash. */
  readonly url: string
  readonly port: number
  /** Microseconds of CPU time so far, of all threads, in user and kernel mode. */
  readonly cpuTime: () => number
  /** Bytes of physical memory. */
  readonly memory: () => number
  readonly openFiles: () => number
  /** Megabytes of JavaScript objects, after a garbage collection; for servers of ours. */
  readonly heapUsed: () => Promise<number>
  readonly pid: number
  readonly process: ChildProcess
  readonly stop: () => Promise<void>
}

/** Of all threads that live; none of these servers ends one. `/proc/<pid>/stat` counts in steps of 10 ms. */
function readCpuTime(pid: number): number {
  const tasks = `/proc/${pid}/task`
  const nanoseconds = readdirSync(tasks).map((task) => {
    const [running] = readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')
    return Number(running)
  })
  return nanoseconds.reduce((total, value) => total + value, 0) / 1000
}

/** Keeps a process, with all its threads, to one core, where the system can. */
export function pin(pid: number, core: number): void {
  try {
    execFileSync('taskset', ['-a', '-c', '-p', String(core), String(pid)], { stdio: 'ignore' })
  } catch {
    // The figures are noisier then.
  }
}

const readMemory = (pid: number) =>
  Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024

/** What a process that runs has used, and how it ends. */
export function describeProcess(child: ChildProcess, pid: number, port: number): ServerProcess {
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    cpuTime: () => readCpuTime(pid),
    memory: () => readMemory(pid),
    openFiles: () => readdirSync(`/proc/${pid}/fd`).length,
    async heapUsed() {
      child.send('heap')
      const [message] = await once(child, 'message')
      return Number(message.heap) / 1e6
    },
    pid,
    process: child,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

/** How a server is run. */
export interface Running {
  /** A command that runs it, and that command's own arguments. */
  readonly under?: readonly string[]
  /** The Node that runs it; by default, the one that measures. */
  readonly node?: string
  /** The folder of another version of this repository, whose server it is. */
  readonly root?: string
}

const ownRoot = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Starts a server of `servers/`.
 *
 * @param name - of its file
 * @param settings - environment variables
 */
export async function startServer(
  name: string,
  settings: Readonly<Record<string, string>> = {},
  { under = [], node = process.execPath, root = ownRoot }: Running = {},
): Promise<ServerProcess> {
  const [command, ...itsArguments] = under
  const child = fork(join(root, 'bench/src/servers', `${name}.ts`), {
    env: { ...process.env, NODE_ENV: 'production', ...settings },
    execPath: command ?? node,
    execArgv: [
      ...itsArguments,
      ...(command === undefined ? [] : [node]),
      '--conditions=@token-handler/source',
      ...(settings['NODE_FLAGS']?.split(' ').filter(Boolean) ?? []),
    ],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const [message] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => {
      throw new Error(`The server ${name} did not start.`)
    }),
  ])
  return describeProcess(child, child.pid ?? 0, Number(message.port))
}

// A runtime as a process: started, asked for its port, and ended.
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'

/** A server of another runtime. */
export interface RunningHost {
  readonly port: number
  /** What it has written so far. */
  readonly log: () => string
  readonly stop: () => Promise<void>
}

/** How a process is started. */
export interface ProcessOptions {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly environment?: Readonly<Record<string, string>>
  /** Finds the port in a line of what the process writes. */
  readonly readPort: (line: string) => number | undefined
}

/** Milliseconds that a process may take until it listens, on a busy machine. */
const PATIENCE = 60_000

/** Starts a process; resolves when it says where it listens, and rejects with its output when it ends before. */
export async function startProcess(options: ProcessOptions): Promise<RunningHost> {
  const { command, args, cwd, environment, readPort } = options
  const child = spawn(command, [...args], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: cwd, NO_COLOR: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  let output = ''
  const port = new Promise<number>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`It does not listen:\n${output}`)), PATIENCE)
    timer.unref()
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`It has ended:\n${output}`)))
    for (const stream of child.stdio.slice(1)) {
      let rest = ''
      const readable = stream as Readable
      readable.setEncoding('utf8').on('data', (chunk: string) => {
        output += chunk
        const lines = (rest + chunk).split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines) {
          const found = readPort(line)
          if (found !== undefined) resolve(found)
        }
      })
    }
  })
  try {
    return { port: await port, log: () => output, stop: () => end(child) }
  } catch (error) {
    await end(child)
    throw error
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

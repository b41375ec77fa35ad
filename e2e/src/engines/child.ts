// The processes of a browser: started in a group of their own, and ended with all their children.
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'

/** A program that runs. */
export interface Child {
  /** Waits for a line of its output. */
  readonly waitFor: (pattern: RegExp) => Promise<RegExpExecArray>
  /** Ends it and its children, at once. */
  readonly stop: () => Promise<void>
}

/** How long a program may take to start; milliseconds. */
const PATIENCE = 60_000

/** What runs now. A test that dies takes its browsers with it. */
const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) killGroup(child)
})

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Nobody is left.
  }
}

/** Starts a program. */
export function startChild(
  path: string,
  parameters: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Child {
  const env = { ...process.env, ...environment }
  const child = spawn(path, parameters, { detached: true, env, stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => (output += chunk))
  }
  child.on('error', (error) => (output += String(error)))
  const closed = once(child, 'exit').catch(() => {})

  return {
    async waitFor(pattern) {
      const end = performance.now() + PATIENCE
      for (;;) {
        const match = pattern.exec(output)
        if (match !== null) return match
        if (child.exitCode !== null || child.pid === undefined || performance.now() > end) {
          throw new Error(`${path} did not start:\n${output}`)
        }
        await wait(20)
      }
    },
    async stop() {
      running.delete(child)
      killGroup(child)
      await closed
    },
  }
}

// The processes of a browser: started in a group of their own, and ended with all their children.
import { spawn } from 'node:child_process'
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

/**
 * Runs a program until it ends or the standard input does, and ends the whole group then: a test that dies,
 * however it dies, takes its browsers with it.
 */
const SCRIPT = '{ "$@"; kill -KILL 0; } & read -r _; kill -KILL 0'

/** Starts a program. */
export function startChild(
  path: string,
  parameters: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Child {
  const env = { ...process.env, ...environment }
  const child = spawn('sh', ['-c', SCRIPT, 'sh', path, ...parameters], { detached: true, env })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => (output += chunk))
  }
  const ended = once(child, 'exit')

  return {
    async waitFor(pattern) {
      const end = performance.now() + PATIENCE
      for (;;) {
        const match = pattern.exec(output)
        if (match !== null) return match
        if (child.signalCode !== null || performance.now() > end) {
          throw new Error(`${path} did not start:\n${output}`)
        }
        await wait(20)
      }
    },
    async stop() {
      child.stdin.destroy()
      await ended
    },
  }
}

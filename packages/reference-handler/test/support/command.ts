// `token-handler` as a process of the operating system, whose output can be waited for.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

/** How a process ended, and all that it printed. */
export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A process. */
export interface Command {
  /** Resolves with what matches in its output so far, or as soon as it does; rejects when it ends before. */
  readonly printed: (pattern: RegExp) => Promise<string>
  readonly signal: (signal: NodeJS.Signals) => void
  readonly ended: Promise<Ended>
  /** Ends it at once, if it has not ended yet. */
  readonly stop: () => Promise<void>
}

/**
 * Starts the command.
 *
 * @param environment - all of it but `PATH`, which is that of the tests
 */
export function startCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Command {
  const { PATH = '' } = process.env
  const child = spawn(process.execPath, ['--conditions=@token-handler/source', main, ...args], {
    env: { PATH, ...environment },
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += String(text)))
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += String(text)))
  const kill = () => void child.kill('SIGKILL')
  // However the tests end, nothing of theirs goes on.
  process.once('exit', kill)
  const ended = once(child, 'close').then(() => {
    process.off('exit', kill)
    return { code: child.exitCode, stdout, stderr }
  })

  return {
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const [found] = pattern.exec(stdout) ?? []
          if (found === undefined) return
          child.stdout.off('data', look)
          resolve(found)
        }
        child.stdout.on('data', look)
        void ended.then(() => reject(new Error(`It ended before it printed ${pattern}: ${stderr}`)))
        look()
      }),
    signal: (signal) => void child.kill(signal),
    ended,
    async stop() {
      kill()
      await ended
    },
  }
}

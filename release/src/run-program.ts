// Running programs, with all they said when one of them fails.
import { spawn } from 'node:child_process'

/** How a program is run. */
export interface ProgramOptions {
  readonly folder: string
  readonly environment?: Readonly<Record<string, string>>
}

/** Runs a program to its end; rejects with its output when it fails. */
export async function runProgram(
  program: string,
  args: readonly string[],
  { folder, environment = {} }: ProgramOptions,
): Promise<string> {
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text) => (output += String(text)))
  child.stderr.setEncoding('utf8').on('data', (text) => (output += String(text)))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code === 0) return output
  throw new Error(`${program} ${args.join(' ')} ended with ${code} in ${folder}:\n${output}`)
}

/** A program that goes on. */
export interface RunningProgram {
  /** Resolves with what matches in its output, or as soon as it does; rejects when it ends before. */
  readonly printed: (pattern: RegExp) => Promise<string>
  /** Ends it and all that it has started. */
  readonly stop: () => Promise<void>
}

/** Starts a program that goes on. */
export function startProgram(
  program: string,
  args: readonly string[],
  { folder, environment = {} }: ProgramOptions,
): RunningProgram {
  // A group of its own, so that what it starts ends with it.
  const child = spawn(program, args, {
    cwd: folder,
    detached: true,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const listeners = new Set<() => void>()
  const hear = (text: unknown) => {
    output += String(text)
    for (const listener of listeners) listener()
  }
  child.stdout.setEncoding('utf8').on('data', hear)
  child.stderr.setEncoding('utf8').on('data', hear)
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve())
    child.once('close', () => resolve())
  })
  const kill = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    } catch {
      // It has ended already.
    }
  }
  process.once('exit', kill)
  return {
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          // Programs colour what they print.
          const [found] = pattern.exec(output.replaceAll(/\u001B\[[\d;]*m/g, '')) ?? []
          if (found === undefined) return
          listeners.delete(look)
          resolve(found)
        }
        listeners.add(look)
        void ended.then(() => reject(new Error(`${program} has ended:\n${output}`)))
        look()
      }),
    async stop() {
      process.off('exit', kill)
      kill()
      await ended
    },
  }
}

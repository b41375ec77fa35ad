// Running a server that is a program of its own: started, waited for, and stopped with all its processes.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** A program that runs. */
export interface Program {
  readonly stop: () => Promise<void>
}

/** How to run a program. */
export interface ProgramOptions {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Answers with any status when the program is ready. */
  readonly readyUrl: string
  /** What is left to set up once the program runs; its failure ends the program. */
  readonly setUp?: () => Promise<void>
}

/** Seconds for the first answer; interpreters load slowly on a busy machine. */
const START_TIMEOUT = 60

/** Milliseconds between two questions whether it is ready. */
const PAUSE = 50

/**
 * Starts a program in a temporary folder, which is removed when it ends, and resolves when it answers.
 *
 * @param prepare - writes the program's configuration into the folder, and says how to run it there
 * @throws when it ends, or does not answer in time; the message has the end of its output
 */
export async function startProgram(
  prepare: (folder: string) => Promise<ProgramOptions>,
): Promise<Program> {
  const folder = await mkdtemp(join(tmpdir(), 'token-handler-'))
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true })
  try {
    const { stop } = await run(await prepare(folder), folder)
    return {
      async stop() {
        await stop()
        await remove()
      },
    }
  } catch (error) {
    await remove()
    throw error
  }
}

/** Runs a program in a process group of its own. */
async function run(options: ProgramOptions, cwd: string): Promise<Program> {
  const { command, args, env } = options
  const child = spawn(command, args, {
    cwd,
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: cwd, LANG: 'C.UTF-8', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let output = ''
  const note = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-20_000)
  }
  child.stdout.on('data', note)
  child.stderr.on('data', note)
  child.on('error', (error) => {
    output += error.message
  })
  const exited = once(child, 'exit').catch(() => undefined)
  // Tests that are called off do not come to stop what they have started.
  const killAtExit = (): void => {
    if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL')
  }
  process.once('exit', killAtExit)

  async function stop(): Promise<void> {
    process.off('exit', killAtExit)
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
    signalGroup(child.pid, 'SIGTERM')
    const inTime = await Promise.race([exited.then(() => true), wait(5000, false)])
    if (inTime) return
    signalGroup(child.pid, 'SIGKILL')
    await exited
  }

  const deadline = Date.now() + START_TIMEOUT * 1000
  while (!(await answers(options.readyUrl))) {
    const ended = child.exitCode !== null || child.signalCode !== null || child.pid === undefined
    if (ended || Date.now() > deadline) {
      await stop()
      throw new Error(`${command} did not start:\n${output.slice(-3000)}`)
    }
    await wait(PAUSE)
  }
  try {
    await options.setUp?.()
  } catch (error) {
    await stop()
    throw error
  }
  return { stop }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch {
    // The whole group has ended already.
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { redirect: 'manual' })
    await response.body?.cancel()
    return true
  } catch {
    return false
  }
}

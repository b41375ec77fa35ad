// Programs of other people that the tests run: found, started on free ports, and stopped.
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { findProgram } from 'e2e/programs'

export { findProgram, isMissing } from 'e2e/programs'

/** A program that runs. */
export interface Running {
  readonly stop: () => Promise<void>
}

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })

/**
 * Starts a program in the foreground, in a group of its own, and waits until it listens.
 *
 * @param parameters - made from a folder of its own
 * @throws {Error} with the output of a program that ends before it listens
 */
export async function startProgram(
  name: string,
  ports: readonly number[],
  parameters: (folder: string) => Promise<readonly string[]>,
): Promise<Running> {
  const path = findProgram(name)
  if (path === undefined) throw new Error(`There is no ${name} on this machine.`)
  const folder = await mkdtemp(join(tmpdir(), `two-users-${name}-`))
  // Caddy and Firefox keep something in the home of the user, which is none of a test's business.
  const env = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }
  const child = spawn(path, [...(await parameters(folder))], { cwd: folder, env, detached: true })
  let output = ''
  child.stdout.on('data', (chunk) => (output += chunk))
  child.stderr.on('data', (chunk) => (output += chunk))
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const { pid } = child

  const stop = async () => {
    // The whole group: some programs have children that outlive them.
    if (pid !== undefined && child.exitCode === null) process.kill(-pid, 'SIGTERM')
    const patience = setTimeout(() => pid !== undefined && process.kill(-pid, 'SIGKILL'), 5000)
    await ended
    clearTimeout(patience)
    await rm(folder, { recursive: true, force: true })
  }
  const fail = async () => {
    await rm(folder, { recursive: true, force: true })
    throw new Error(`${name} did not start:\n${output}`)
  }
  while (!(await Promise.all(ports.map(accepts))).every(Boolean)) {
    if (child.exitCode !== null) await fail()
    await wait(20)
  }
  return { stop }
}

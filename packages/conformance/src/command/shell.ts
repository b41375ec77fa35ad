// Running a shell command of the operator.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { CannotRunError } from './cannot-run.ts'

/** Milliseconds that a command may take. */
const TIMEOUT = 60_000

/**
 * Runs a command; what it says on stderr goes to ours.
 *
 * @param option - names the command in the error
 * @param environment - added to our own
 * @returns what it printed
 * @throws {CannotRunError} when it fails or takes too long; its output may be confidential and is not told
 */
export async function runShell(
  option: string,
  command: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  const child = spawn(command, {
    shell: true,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
    timeout: TIMEOUT,
  })
  const [output, [code, signal]] = await Promise.all([text(child.stdout), once(child, 'close')])
  if (code !== 0) throw new CannotRunError(`${option} ended with ${String(code ?? signal)}.`)
  return output
}

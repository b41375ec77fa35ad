// A real redis-server on a free port, for one test, which can be stopped, killed and started again.
import { spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { findFreePorts } from '../support/free-port.ts'

const PROGRAM = 'redis-server'

/**
 * Why tests with a real server are skipped, or `undefined` where they run: as everywhere where REQUIRE_PROGRAMS is
 * set. The reason is printed.
 */
export function findObstacle(): string | undefined {
  const isThere = spawnSync(PROGRAM, ['--version']).status === 0
  if (isThere || process.env['REQUIRE_PROGRAMS']) return undefined
  const reason = `skipped: ${PROGRAM} is not installed; install it with: apt-get install redis-server`
  process.stderr.write(`${reason}\n`)
  return reason
}

export interface RedisServer {
  readonly url: string
  readonly port: number
  /** What the server answers to a command, as text. */
  readonly command: (...words: readonly string[]) => string
  readonly signal: (signal: NodeJS.Signals) => void
  /** Ends it without giving it time for anything. */
  readonly kill: () => Promise<void>
  /** Starts it again on the same port, with nothing in memory. */
  readonly start: () => Promise<void>
  readonly stop: () => Promise<void>
}

/** Starts a server. */
export async function startRedis(options: readonly string[] = []): Promise<RedisServer> {
  const [port = 0] = await findFreePorts(1)
  let child: ChildProcess | undefined

  async function start(): Promise<void> {
    const settings = [
      '--port',
      `${port}`,
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
    ]
    const started = spawn(PROGRAM, [...settings, ...options], { stdio: 'ignore' })
    child = started
    process.once('exit', () => started.kill('SIGKILL'))
    await untilListening(port)
  }

  async function kill(): Promise<void> {
    const killed = child
    if (killed === undefined || killed.exitCode !== null || killed.signalCode !== null) return
    const ended = once(killed, 'exit')
    killed.kill('SIGKILL')
    await ended
  }

  await start()
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    command: (...words) =>
      spawnSync('redis-cli', ['-p', `${port}`, ...words], { encoding: 'utf8' }).stdout.trim(),
    signal: (signal) => void child?.kill(signal),
    kill,
    start,
    stop: kill,
  }
}

/** Resolves as soon as somebody listens at a port. */
async function untilListening(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1')
    const isOpen = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false)
    socket.destroy()
    if (isOpen) return
    await new Promise(setImmediate)
  }
}

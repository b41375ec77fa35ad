// A real redis-server on a free port, for one test, which can be stopped, killed and started again. REDIS_PROGRAM names
// another program that is one, such as valkey-server.
import { spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFreePorts } from '../support/free-port.ts'

const PROGRAM = process.env['REDIS_PROGRAM'] ?? 'redis-server'
const COMMAND_LINE = PROGRAM.replace('server', 'cli')

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
  /** Of the process that runs now. */
  readonly pid: () => number
  /** What the server answers to a command of a client without TLS, as text. */
  readonly command: (...words: readonly string[]) => string
  readonly signal: (signal: NodeJS.Signals) => void
  /** Ends it without giving it time for anything. */
  readonly kill: () => Promise<void>
  /** Starts it again on the same port, with nothing in memory. */
  readonly start: () => Promise<void>
  readonly stop: () => Promise<void>
}

/**
 * Starts a server.
 *
 * @param options - what it gets on its command line, after a port and no persistence
 */
export async function startRedis(
  options: string | ((port: number) => string) = '',
): Promise<RedisServer> {
  const [port = 0] = await findFreePorts(1)
  const own = typeof options === 'function' ? options(port) : options
  const settings = `--port ${port} --bind 127.0.0.1 --save  --appendonly no`
  return await run(port, [...settings.split(' '), ...own.split(' ').filter(Boolean)])
}

/** Starts a sentinel, which keeps what it learns in its configuration. */
export async function startSentinel(lines: readonly string[]): Promise<RedisServer> {
  const [port = 0] = await findFreePorts(1)
  const file = join(mkdtempSync(join(tmpdir(), 'token-handler-sentinel-')), 'sentinel.conf')
  writeFileSync(file, [`port ${port}`, 'bind 127.0.0.1', ...lines, ''].join('\n'))
  return await run(port, [file, '--sentinel'])
}

/** Runs the command-line client, with what it says it should do. */
export function runClient(...words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(COMMAND_LINE, words, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${COMMAND_LINE} ${words.join(' ')}: ${stdout}${stderr}`)
  return stdout.trim()
}

async function run(port: number, parameters: readonly string[]): Promise<RedisServer> {
  // Where a replica puts what it is sent.
  const cwd = mkdtempSync(join(tmpdir(), 'token-handler-redis-'))
  let child: ChildProcess | undefined

  async function start(): Promise<void> {
    const started = spawn(PROGRAM, parameters, { cwd, stdio: 'ignore' })
    child = started
    const kill = () => void started.kill('SIGKILL')
    process.once('exit', kill)
    started.once('exit', () => process.off('exit', kill))
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
    pid: () => child?.pid ?? 0,
    command: (...words) => runClient('-p', `${port}`, ...words),
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

// The proxy beside that of another commit, and beside its peers, in pairs of turns: `compare <commit>`.
import { execFileSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { checkOut, findCommit } from './checkout.ts'
import type { Checkout } from './checkout.ts'
import { countInstructions, instructionCounter } from './instruction-counts.ts'
import type { InstructionCount } from './instruction-counts.ts'
import { hasNginx, startNginx } from './nginx.ts'
import { measureInPairs } from './pairs.ts'
import type { PairedFigures, Subject } from './pairs.ts'
import { installPeers } from './peers.ts'
import type { Peers } from './peers.ts'
import { MEASURED, MEASURING, start, stopAll } from './cores.ts'
import { pin, startServer } from './processes.ts'
import type { Running, ServerProcess } from './processes.ts'
import { print, printTable, round } from './report.ts'
import { collectCookies } from './sign-in.ts'

const USAGE =
  'Usage: pnpm --filter bench run compare <commit> [--json] [--instructions] [--node <path>]'

const number = (name: string, standard: number) => Number(process.env[name] ?? standard)
const processes = number('PROCESSES', 8)
const pairs = number('PAIRS', 20)
const requests = number('TURN', 500)
const warmUp = number('WARM_UP', 12_000)

/** Of the requests whose instructions are counted, which valgrind runs fifty times slower. */
const counted = { warmUp: 12_000, requests: 5000 }

/** A subject that can be started under a command, too. */
interface Comparable extends Subject {
  readonly startUnder: (under: readonly string[]) => Promise<ServerProcess>
}

/** What the command line says. */
interface Options {
  readonly commit: string
  readonly asJson: boolean
  readonly withInstructions: boolean
  /** Another Node to run the present handler with, too. */
  readonly node: string | undefined
}

function readOptions(): Options | string {
  try {
    const { positionals, values } = parseArgs({
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
        instructions: { type: 'boolean' },
        node: { type: 'string' },
      },
    })
    const [name, ...more] = positionals
    if (name === undefined || more.length > 0) return USAGE
    const commit = findCommit(name)
    if (commit === undefined) return `There is no commit ${name} in this repository. ${USAGE}`
    const { json = false, instructions = false, node } = values
    return { commit, asJson: json, withInstructions: instructions, node }
  } catch (error) {
    return `${error instanceof Error ? error.message : 'Unknown arguments.'} ${USAGE}`
  }
}

async function compare(options: Options): Promise<void> {
  // Progress and what is skipped are no figures.
  const note = (text: string) => process.stderr.write(`${text}\n`)
  let checkout: Checkout | undefined
  let peers: Peers | undefined
  try {
    checkout = checkOut(options.commit)
    peers = installPeers()
    pin(process.pid, MEASURING)
    const upstream = await start(startServer('upstream'), MEASURING)
    const authorizationServer = await start(startServer('authorization-server'), MEASURING)
    const settings = {
      UPSTREAM: upstream.url,
      ISSUER: authorizationServer.url,
      LOG_LEVEL: 'warn',
      PEERS: peers?.folder ?? '',
    }
    const { folder: root, hash } = checkout

    const subject = (
      name: string,
      cookies: readonly string[],
      startUnder: Comparable['startUnder'],
    ): Comparable => ({
      name,
      cookies,
      startUnder,
      start: async () => {
        const server = await startUnder([])
        pin(server.pid, MEASURED)
        return server
      },
    })
    /** With a cookie of its own agent, which need not be sealed as others are. */
    async function handler(name: string, how: Running = {}): Promise<Comparable> {
      const startUnder = (under: readonly string[]) =>
        startServer('handler', settings, { ...how, under })
      const agent = await startUnder([])
      const cookies = await collectCookies(`${agent.url}/oauth-agent`, 1)
      await agent.stop()
      return subject(name, cookies, startUnder)
    }

    const before = await handler(`handler at ${hash}`, { root })
    const subjects: [Comparable, ...Comparable[]] = [
      before,
      // The same code again: what lies between the two is chance.
      { ...before, name: `${before.name}, again` },
      await handler('handler'),
    ]
    if (options.node !== undefined) {
      const version = execFileSync(options.node, ['--version'], { encoding: 'utf8' }).trim()
      subjects.push(await handler(`handler, Node ${version}`, { node: options.node }))
    }
    const startLeast: Comparable['startUnder'] = (under) =>
      startServer('bare-node', settings, { under })
    subjects.push(subject('node:http and undici, no authorization', before.cookies, startLeast))
    if (peers === undefined)
      note('Skipped: @fastify/http-proxy, because npm cannot install it here.')
    else {
      const name = `${peers.httpProxy}, no authorization`
      const startPeer: Comparable['startUnder'] = (under) =>
        startServer('http-proxy', settings, { under })
      subjects.push(subject(name, before.cookies, startPeer))
    }
    if (!hasNginx()) note('Skipped: nginx, because it is not installed here.')
    else {
      const startBare: Comparable['startUnder'] = (under) =>
        startNginx(upstream.port, undefined, under)
      subjects.push(subject('nginx, bare proxy_pass', before.cookies, startBare))
    }

    const plan = { path: '/api/1k', processes, pairs, requests, warmUp }
    const figures = await measureInPairs(subjects, plan)
    const counts: InstructionCount[] = []
    if (options.withInstructions) {
      for (const { cookies, startUnder } of subjects) {
        counts.push(await countInstructions({ start: startUnder, cookies, ...counted }))
      }
    }
    report(figures, counts, options.asJson)
  } finally {
    await stopAll()
    peers?.remove()
    checkout?.remove()
  }
}

function report(
  figures: readonly PairedFigures[],
  counts: readonly InstructionCount[],
  asJson: boolean,
): void {
  const first = counts[0]
  const rows = figures.map((figure, index) => ({ ...figure, count: counts[index] }))
  if (asJson) {
    for (const { name, cpuTime, ratio, low, high, count } of rows) {
      print(
        JSON.stringify({
          subject: name,
          cpu_us: Number(round(cpuTime, 1)),
          ratio: Number(round(ratio, 3)),
          low: Number(round(low, 3)),
          high: Number(round(high, 3)),
          processes,
          pairs,
          ...(count && {
            instructions: Math.round(count.all),
            instructions_main_thread: Math.round(count.main),
            counter: instructionCounter(),
          }),
        }),
      )
    }
    return
  }
  const head = ['', 'CPU µs/request', 'ratio', '95 %']
  printTable(
    `Answers of 1 kB: ${processes} processes each, ${pairs} pairs of turns of ${requests} requests`,
    [
      first === undefined ? head : [...head, 'instructions', 'ratio'],
      ...rows.map(({ name, cpuTime, ratio, low, high, count }) => [
        name,
        round(cpuTime, 1),
        round(ratio, 2),
        `${round(low, 2)} to ${round(high, 2)}`,
        ...(first && count ? [round(count.all, 0), round(count.all / first.all, 2)] : []),
      ]),
    ],
  )
}

const options = readOptions()
if (typeof options === 'string') {
  process.stderr.write(`${options}\n`)
  process.exitCode = 2
} else await compare(options)

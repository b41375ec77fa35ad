// The benchmark of gateways that ask the handler: CPU time of both together, beside the handler that forwards itself.
import { readdirSync, readFileSync } from 'node:fs'
import {
  guideGateways,
  isGatewayMissing,
  startGateway,
} from '../../gateways/forward-auth/src/gateways.ts'
import type { GuideGateway } from '../../gateways/forward-auth/src/gateways.ts'
import { findFreePorts } from '../../two-users/src/ports.ts'
import { measure } from './measure.ts'
import type { Variant } from './measure.ts'
import { MEASURED, MEASURING, start, stopAll } from './cores.ts'
import { pin, startServer } from './processes.ts'
import type { ServerProcess } from './processes.ts'
import { print, printTable, round } from './report.ts'
import { collectCookies } from './sign-in.ts'

/** Requests of a turn, and those to each variant before anything counts. */
const REQUESTS = 600
const WARM_UP = Number(process.env['WARM_UP'] ?? 5000)
/** Names of gateways, for a part of them. */
const only = process.env['GATEWAYS']?.split(',')
const rounds = Number(process.env['ROUNDS'] ?? 20)

/** Of the gateways. */
const ends: (() => Promise<unknown>)[] = []

/** Process ids of a program, its children included: it was started in a group of its own, with this folder. */
function findGroup(folder: string): readonly number[] {
  const all = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))
  const read = (pid: string, file: string) => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'utf8')
    } catch {
      return ''
    }
  }
  const groupOf = (pid: string) => /\) \S \d+ (\d+)/.exec(read(pid, 'stat'))?.[1]
  const leader = all.find((pid) => read(pid, 'cmdline').includes(folder))
  const group = groupOf(leader ?? '')
  return all.filter((pid) => groupOf(pid) === group).map(Number)
}

const cpuTimeOf = (pid: number): number =>
  readdirSync(`/proc/${pid}/task`)
    .map((task) => readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0])
    .reduce((total, nanoseconds) => total + Number(nanoseconds) / 1000, 0)

/** A gateway of a guide and the handler that it asks, as one server. */
async function startPair(
  gateway: GuideGateway,
  own: Readonly<Record<string, string>>,
  apiPort: number,
): Promise<ServerProcess> {
  const [decisionPort = 0] = await findFreePorts(1)
  const settings = { ...own, FORWARD_AUTH: gateway.name, FORWARD_AUTH_PORT: String(decisionPort) }
  const handler = await start(startServer('handler', settings), MEASURED)
  const running = await startGateway(gateway, {
    handlerPort: handler.port,
    decisionPort,
    apiPort,
    routes: ['/api'],
  })
  ends.push(running.stop)
  const group = findGroup(running.folder)
  for (const pid of group) pin(pid, MEASURED)
  const gatewayTime = () => group.reduce((total, pid) => total + cpuTimeOf(pid), 0)
  return {
    ...handler,
    url: `http://127.0.0.1:${running.port}`,
    port: running.port,
    cpuTime: () => handler.cpuTime() + gatewayTime(),
  }
}

async function measureForwardAuth(): Promise<void> {
  const upstream = await start(startServer('upstream'), MEASURING)
  const authorizationServer = await start(startServer('authorization-server'), MEASURING)
  const own = { UPSTREAM: upstream.url, ISSUER: authorizationServer.url, LOG_LEVEL: 'warn' }
  const handler = await start(startServer('handler', own), MEASURED)
  const agent = await start(startServer('handler', own), MEASURING)
  const cookies = (await collectCookies(`${agent.url}/oauth-agent`, 1)).slice(0, 1)

  const variants: Variant[] = [{ name: 'the handler forwards', servers: [handler], cookies }]
  for (const gateway of guideGateways.filter(
    (one) => only?.includes(one.name) !== false && !isGatewayMissing(one),
  )) {
    const pair = await startPair(gateway, own, upstream.port)
    variants.push({ name: `${gateway.name} and the handler`, servers: [pair], cookies })
  }
  for (const size of ['1k', '100k'] as const) {
    const plan = { path: `/api/${size}`, warmUp: WARM_UP, rounds, requests: REQUESTS }
    const figures = await measure(variants, plan)
    printTable(`Answers of ${size}B, the calmer half of ${rounds} rounds of ${REQUESTS} requests`, [
      ['', 'CPU µs/request', 'ratio', 'requests/s'],
      ...figures.map(({ name, cpuTime, ratio, requestsPerSecond }) => [
        name,
        round(cpuTime, 0),
        round(ratio, 2),
        round(requestsPerSecond, 0),
      ]),
    ])
  }
}

pin(process.pid, MEASURING)
try {
  await measureForwardAuth()
  print('')
} finally {
  for (const end of ends.toReversed()) await end()
  await stopAll()
}

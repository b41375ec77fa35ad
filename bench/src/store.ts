// What a store that instances share costs: CPU per refresh and per proxied request, beside a handler without one in the
// same run; and how soon an ended session is refused.
import { readFileSync } from 'node:fs'
import { startRedis } from '../../packages/reference-handler/test/redis/redis-server.ts'
import { measure } from './measure.ts'
import { measureRefreshes } from './measure-refreshes.ts'
import { measureEndings } from './measure-endings.ts'
import { MEASURED, MEASURING, start, stopAll } from './cores.ts'
import { pin, startServer } from './processes.ts'
import { printTable, round } from './report.ts'
import { collectCookies } from './sign-in.ts'

const rounds = Number(process.env['ROUNDS'] ?? 30)
const sessions = Number(process.env['SESSIONS'] ?? 1000)
const WARM_UP = 10_000
const REQUESTS = 600

pin(process.pid, MEASURING)
const redis = await startRedis()
pin(redis.pid(), MEASURING)
try {
  const upstream = await start(startServer('upstream'), MEASURING)
  // With the same refresh token again and again, each refresh would find the result of the one before.
  const authorizationServer = await start(
    startServer('authorization-server', { ROTATION: 'yes' }),
    MEASURING,
  )
  const alone = { UPSTREAM: upstream.url, ISSUER: authorizationServer.url, LOG_LEVEL: 'warn' }
  const shared = { ...alone, REDIS_URL: redis.url }
  const startTeam = async (settings: Readonly<Record<string, string>>) => [
    await start(startServer('handler', settings), MEASURED),
    await start(startServer('handler', settings), MEASURED),
  ]
  const [without, withStore] = [await startTeam(alone), await startTeam(shared)]
  const teams = [
    { name: 'handler without a store', servers: without },
    { name: 'handler with Redis', servers: withStore },
  ]

  const variants = await Promise.all(
    teams.map(async ({ name, servers }) => {
      const cookies = await collectCookies(`${servers[0]?.url}/oauth-agent`, 1)
      return { name, servers, cookies }
    }),
  )
  const plan = { path: '/api/1k', warmUp: WARM_UP, rounds, requests: REQUESTS }
  printTable('A proxied request of 1 kB, warm', [
    ['', 'CPU µs', 'ratio', 'requests/s'],
    ...(await measure(variants, plan)).map(({ name, cpuTime, ratio, requestsPerSecond }) => [
      name,
      round(cpuTime, 0),
      round(ratio, 2),
      round(requestsPerSecond, 0),
    ]),
  ])

  printTable('A refresh, eight users at a time', [
    ['', 'CPU µs', 'ratio', 'refreshes/s'],
    ...(await measureRefreshes(teams, rounds)).map(({ name, cpuTime, ratio, perSecond }) => [
      name,
      round(cpuTime, 0),
      round(ratio, 2),
      round(perSecond, 0),
    ]),
  ])

  const [one, other] = withStore
  if (one === undefined || other === undefined) throw new Error('There are two.')
  const times = await measureEndings({ one, other, authorizationServer, sessions })
  printTable(
    `From a logout token at one instance to the first 401 of another, ${sessions} sessions`,
    [
      ['median', '99th percentile', 'slowest'],
      [0.5, 0.99, 1].map((share) => `${round(percentile(times, share), 0)} ms`),
    ],
  )
  const memory = /^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${redis.pid()}/status`, 'utf8'))?.[1]
  printTable('Redis after all that', [['RSS MB'], [round(Number(memory) / 1024, 0)]])
} finally {
  await stopAll()
  await redis.stop()
}

function percentile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((one, other) => one - other)
  return sorted[Math.ceil(share * sorted.length) - 1] ?? NaN
}

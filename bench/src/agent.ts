// What the agent's operations cost, beside forwarded requests in the same processes.
import { cpus } from 'node:os'
import { measureOperations } from './agent-operations.ts'
import { MEASURED, MEASURING, start, stopAll } from './cores.ts'
import { pin, startServer } from './processes.ts'
import type { ServerProcess } from './processes.ts'
import { print, printTable, round } from './report.ts'

const rounds = Number(process.env['ROUNDS'] ?? 40)

/** Two processes with the same code can differ by a tenth. */
const PROCESSES = 2

pin(process.pid, MEASURING)
try {
  const upstream = await start(startServer('upstream'), MEASURING)
  // With the same refresh token again and again, each refresh would find the result of the one before.
  const authorizationServer = await start(
    startServer('authorization-server', { ROTATION: 'yes' }),
    MEASURING,
  )
  const settings = { UPSTREAM: upstream.url, ISSUER: authorizationServer.url, LOG_LEVEL: 'warn' }
  const handlers: ServerProcess[] = []
  while (handlers.length < PROCESSES)
    handlers.push(await start(startServer('handler', settings), MEASURED))

  print(
    `Node ${process.versions.node}, ${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} cores`,
  )
  const figures = await measureOperations({ handlers, authorizationServer }, rounds)
  printTable(`The agent, the calmer half of ${rounds} rounds, ${PROCESSES} processes`, [
    [
      '',
      'CPU µs',
      'in forwarded requests',
      '± (95 %)',
      'operations/s',
      'authorization server, CPU µs',
    ],
    ...figures.map(({ name, cpuTime, ratio, margin, perSecond, authorizationServer: other }) => [
      name,
      round(cpuTime, 0),
      round(ratio, 2),
      round(margin, 2),
      round(perSecond, 0),
      round(other, 0),
    ]),
  ])
} finally {
  await stopAll()
}

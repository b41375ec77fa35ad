// `npx pnpm@12 --filter cluster start`: a cluster, its users, and one trouble after the other. With --json, one line of
// JSON for each; with the beginning of names, these troubles only.
import { startCluster } from './cluster.ts'
import { findSurprises } from './expectations.ts'
import { play } from './play.ts'
import { troubles } from './troubles.ts'

const sessions = Number(process.env['SESSIONS'] ?? 20)
const phase = Number(process.env['PHASE'] ?? 2000)

const parameters = process.argv.slice(2)
const isJson = parameters.includes('--json')
const wanted = parameters.filter((parameter) => !parameter.startsWith('-'))
const print = (text: string) => void process.stdout.write(`${text}\n`)

const cluster = await startCluster()
try {
  for (const trouble of troubles) {
    if (wanted.length > 0 && !wanted.some((name) => trouble.name.startsWith(name))) continue
    const figures = await play(cluster, trouble, { sessions, phase })
    const { answers, lost, slowest_ms } = figures
    const seen = Object.entries(answers).map(([kind, count]) => `${count} × ${kind}`)
    print(
      isJson
        ? JSON.stringify(figures)
        : `${trouble.name}: ${lost} of ${sessions} sessions lost, slowest answer ${slowest_ms} ms; ${seen.join(', ')}`,
    )
    for (const surprise of findSurprises(figures)) {
      process.exitCode = 1
      process.stderr.write(`${trouble.name}: ${surprise}\n`)
    }
  }
} finally {
  await cluster.stop()
}

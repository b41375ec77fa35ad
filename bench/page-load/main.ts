// How long a signed-in user waits: from the navigation until the page shows it, beside peers, on a slow connection.
// With --json: a line per app.
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { launchBrowser } from 'e2e/browser'
import { startServer } from '../src/processes.ts'
import { print, printTable, round } from '../src/report.ts'
import { startSite } from './site.ts'
import { subjects } from './subjects.ts'
import { slow, visit } from './visit.ts'
import type { Visit } from './visit.ts'

const rounds = Number(process.env['ROUNDS'] ?? 20)
const isJson = process.argv.includes('--json')
const root = fileURLToPath(new URL('../..', import.meta.url))

async function installPeers(project: string): Promise<void> {
  const packages = subjects.map((subject) => subject.packages)
  const dependencies = Object.assign({ react: '19.3.1', 'react-dom': '19.3.1' }, ...packages)
  await writeFile(join(project, 'package.json'), JSON.stringify({ type: 'module', dependencies }))
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--legacy-peer-deps']
  await promisify(execFile)('npm', ['install', ...flags], { cwd: project })
}

/** The median, and an interval that holds the true one in 19 of 20 runs, whatever the distribution. */
function summarize(values: readonly number[]) {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (index: number) =>
    sorted[Math.max(0, Math.min(sorted.length - 1, index))] ?? Number.NaN
  const middle = (sorted.length - 1) / 2
  // The order statistics of a binomial distribution, by its normal approximation.
  const reach = 0.98 * Math.sqrt(sorted.length)
  return {
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    low: at(Math.floor(middle - reach)),
    high: at(Math.ceil(middle + reach)),
  }
}

const project = await mkdtemp(join(tmpdir(), 'token-handler-page-load-'))
const ends: (() => unknown)[] = [() => rm(project, { recursive: true, force: true })]
try {
  await installPeers(project)
  const authorizationServer = await startServer('authorization-server', {
    ISSUER_HOST: 'auth.app.localhost',
  })
  ends.push(() => authorizationServer.stop())
  const issuer = `http://auth.app.localhost:${authorizationServer.port}`
  const browser = await launchBrowser()
  ends.push(() => browser.close())

  const lanes: {
    readonly name: string
    readonly visits: Visit[]
    readonly load: (isSlow: boolean) => Promise<Visit>
  }[] = []
  for (const subject of subjects) {
    const site = await startSite(subject, { project, root, issuer })
    ends.push(site.stop)
    const context = await browser.newContext()
    const load = (isSlow: boolean) => visit(context, site, isSlow)
    // The user's first visit, which the others remember.
    await load(false)
    site.preload()
    lanes.push({ name: subject.name, visits: [], load })
  }
  for (let number = 0; number < rounds; number += 1) {
    // In turn, and another one first each time: what slows this machine slows all.
    const first = number % lanes.length
    for (const lane of [...lanes.slice(first), ...lanes.slice(0, first)]) {
      lane.visits.push(await lane.load(true))
    }
  }

  const figures = lanes.map(({ name, visits }) => ({
    subject: name,
    ...summarize(visits.map(({ milliseconds }) => milliseconds)),
    requests: Math.max(...visits.map(({ requests }) => requests)),
  }))
  const base = figures[0]?.median ?? Number.NaN
  if (isJson) {
    for (const { subject, median, low, high, requests } of figures) {
      const ms = Math.round(median)
      const interval = [Math.round(low), Math.round(high)]
      print(
        JSON.stringify({ subject, ms, interval, requests, ratio: Number(round(median / base, 2)) }),
      )
    }
  } else {
    const rows = figures.map(({ subject, median, low, high, requests }) => [
      subject,
      round(median, 0),
      `${round(low, 0)} – ${round(high, 0)}`,
      round(median / base, 2),
      String(requests),
    ])
    const { bitsPerSecond, roundTrip, cpuSlowdown } = slow
    const title = `${rounds} loads each, ${bitsPerSecond / 1e6} Mbit/s, ${roundTrip} ms, CPU ${cpuSlowdown} times slower`
    printTable(title, [['App', 'ms', 'interval', 'ratio', 'requests'], ...rows])
  }
} finally {
  for (const end of ends.toReversed()) await end()
}

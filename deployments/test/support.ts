// A stage of one design and a browser in front of it, for one test file.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Context, RunningEngine } from 'e2e/engines/engine'
import { makeLocalCertificate } from '@token-handler/local-stack/development'
import { isMissing } from 'e2e/programs'
import type { Design } from '../src/design.ts'
import { DOMAIN, engines, FOREIGN } from '../src/engines.ts'
import { startStage } from '../src/stage.ts'
import type { Stage } from '../src/stage.ts'

/** Engines of this machine that walk everything. */
export const walkers = engines.filter(
  ({ name, programs }) => name !== 'WebKit' && !programs.some(isMissing),
)

export interface Scene {
  readonly stage: Stage
  readonly newContext: (engine: string) => Promise<Context>
  readonly stop: () => Promise<void>
}

/** Starts it. */
export async function startScene(design: Design): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), 'authority-'))
  const hosts = [...design.hosts.map(({ name }) => `${name}.${DOMAIN}`), FOREIGN]
  const { authorityFile } = await makeLocalCertificate(hosts, folder)
  const authority = await readFile(authorityFile, 'utf8')
  const running = new Map<string, RunningEngine>()
  const log: string[] = []
  const stage = await startStage(design, {
    domain: DOMAIN,
    port: 0,
    authorityFolder: folder,
    write: (line) => void log.push(line),
  })
  const stop = async () => {
    for (const engine of running.values()) await engine.stop()
    await stage.stop()
    await rm(folder, { recursive: true, force: true })
    const leaks = log.filter((line) => [...stage.secrets()].some((value) => line.includes(value)))
    if (leaks.length > 0) throw new Error(`${leaks.length} lines of the log hold secrets.`)
  }
  return {
    stage,
    async newContext(name) {
      const engine = walkers.find((candidate) => candidate.name === name)
      if (engine === undefined) throw new Error(`There is no ${name}.`)
      const started = running.get(name) ?? (await engine.start({ hosts, authority }))
      running.set(name, started)
      return await started.newContext()
    },
    stop,
  }
}

// Browsers that all tests share, and a stage of one design in front of them.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Context, RunningEngine } from 'e2e/engines/engine'
import { isMissing } from 'e2e/programs'
import { makeLocalCertificate } from '@token-handler/local-stack/development'
import { designs } from '../../designs/index.ts'
import type { Design } from '../../src/design.ts'
import { DOMAIN, engines, FOREIGN } from '../../src/engines.ts'
import { startStage } from '../../src/stage.ts'
import type { Stage } from '../../src/stage.ts'

/** The engines of this machine. */
export const present = engines.filter(({ programs }) => !programs.some(isMissing))

/** Those of them that walk everything. */
export const walkers = present.filter(({ name }) => name !== 'WebKit')

const names = designs.flatMap((design) => design.hosts.map(({ name }) => `${name}.${DOMAIN}`))
const hosts = [...new Set([...names, FOREIGN])]

/** One for all, since each start takes a while. */
const running = new Map<string, RunningEngine>()
let authority: Promise<string> | undefined

const authorityFolder = (): Promise<string> => (authority ??= mkdtemp(join(tmpdir(), 'authority-')))

/** An empty profile. */
export async function newContext(name: string): Promise<Context> {
  const engine = present.find((candidate) => candidate.name === name)
  if (engine === undefined) throw new Error(`There is no ${name}.`)
  const { authorityFile } = await makeLocalCertificate(hosts, await authorityFolder())
  const options = { hosts, authority: await readFile(authorityFile, 'utf8') }
  const started = running.get(name) ?? (await engine.start(options))
  running.set(name, started)
  return await started.newContext()
}

/** Ends all browsers. */
export async function stopBrowsers(): Promise<void> {
  for (const engine of running.values()) await engine.stop()
  if (authority !== undefined) await rm(await authority, { recursive: true, force: true })
}

export interface Scene {
  readonly stage: Stage
  readonly newContext: (engine: string) => Promise<Context>
  /** @throws when a secret was logged */
  readonly stop: () => Promise<void>
}

/** Starts a design. */
export async function startScene(design: Design): Promise<Scene> {
  const log: string[] = []
  const stage = await startStage(design, {
    domain: DOMAIN,
    port: 0,
    authorityFolder: await authorityFolder(),
    write: (line) => void log.push(line),
  })
  return {
    stage,
    newContext,
    async stop() {
      await stage.stop()
      const secrets = [...stage.secrets()]
      const leaks = log.filter((line) => secrets.some((secret) => line.includes(secret)))
      if (leaks.length > 0) throw new Error(`${leaks.length} lines of the log hold secrets.`)
    },
  }
}

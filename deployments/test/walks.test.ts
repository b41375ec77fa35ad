// Every design, walked as a user does: sign-in, API, expired access token, sign-out; what it stores, sends and costs.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isMissing } from 'e2e/programs'
import type { RunningEngine } from 'e2e/engines/engine'
import { makeLocalCertificate } from '@token-handler/local-stack/development'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { designs } from '../designs/index.ts'
import { DOMAIN, engines } from '../src/engines.ts'
import { startStage } from '../src/stage.ts'
import type { Stage } from '../src/stage.ts'
import { walk } from '../src/walk.ts'

/** What WebKit walks; the others would show nothing more, and each needs a browser of its own. */
const inWebKit = new Set(['same-origin', 'api-subdomain'])

const hosts = [...new Set(designs.flatMap((design) => design.hosts))].map(
  ({ name }) => `${name}.${DOMAIN}`,
)
const present = engines.filter(({ programs }) => !programs.some(isMissing))
const running = new Map<string, RunningEngine>()
let authorityFolder: string

beforeAll(async () => {
  authorityFolder = await mkdtemp(join(tmpdir(), 'authority-'))
  // Made once, and kept for all designs.
  const { authorityFile } = await makeLocalCertificate(hosts, authorityFolder)
  const authority = await readFile(authorityFile, 'utf8')
  for (const engine of present) {
    running.set(engine.name, await engine.start({ hosts, authority }))
  }
})
afterAll(async () => {
  for (const engine of running.values()) await engine.stop()
  await rm(authorityFolder, { recursive: true, force: true })
})

describe.each(designs)('$name', (design) => {
  const log: string[] = []
  let stage: Stage

  beforeAll(async () => {
    const write = (line: string) => void log.push(line)
    stage = await startStage(design, { domain: DOMAIN, port: 0, authorityFolder, write })
  })
  afterAll(() => stage.stop())

  test.each(present.map(({ name }) => name))('in %s', async (name) => {
    if (name === 'WebKit' && !inWebKit.has(design.name)) {
      process.stdout.write(
        `${design.name} is not walked in WebKit: it adds no cookie and no CORS\n`,
      )
      return
    }
    const context = await running.get(name)?.newContext()
    if (context === undefined) throw new Error(`${name} does not run.`)
    const seen = await walk(design, stage, context)
    expect(seen.costs).toEqual(design.costs)
    const attributes = { httpOnly: true, secure: true, sameSite: 'Strict', path: '/' }
    const prefix = design.tenants[0]?.prefix ?? '__Host-Http-th'
    const ours = seen.cookies.filter((cookie) => cookie.name.startsWith(prefix))
    expect(ours.map((cookie) => cookie.name).toSorted()).toEqual([
      `${prefix}-at`,
      `${prefix}-session`,
    ])
    for (const cookie of ours) expect(cookie).toMatchObject(attributes)
    expect(seen.strayCookies).toEqual([])
    expect(seen.refreshes).toBe(1)
    expect(seen.cookiesAfterwards).toBe(0)
    await context.close()
  })

  test('logs no secret', () => {
    const secrets = [...stage.secrets()]
    expect(secrets.length).toBeGreaterThan(10)
    expect(log.filter((line) => secrets.some((secret) => line.includes(secret)))).toEqual([])
  })
})

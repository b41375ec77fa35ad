// Registers the tests of one authorization server: every step of the table, with its expected outcome.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { areProgramsRequired, findObstacle } from './installed.ts'
import { createLab, spaUrls } from './lab.ts'
import type { Lab } from './lab.ts'
import type { ServerKind } from './server-kind.ts'
import { stepIds } from './step-ids.ts'
import type { StepId } from './step-ids.ts'
import { steps } from './steps.ts'

/** Registers the tests of a server; skips them with a printed reason where it is not installed. */
export function testServer(kind: ServerKind): void {
  const obstacle = kind.requirement && findObstacle(kind.requirement)
  if (obstacle === undefined) describe(kind.name, () => registerSteps(kind))
  else if (areProgramsRequired()) {
    test(`${kind.name} is installed`, () => expect.unreachable(obstacle))
  } else {
    process.stdout.write(`${kind.name} is skipped: ${obstacle}\n`)
    test.skip(`${kind.name} (${obstacle})`)
  }
}

function registerSteps(kind: ServerKind): void {
  let lab: Lab | undefined
  const passed = new Set<StepId>()

  beforeAll(async () => {
    const server = await kind.start(spaUrls)
    lab = await createLab(server, kind.traits)
  })
  afterEach(() => lab?.endStep())
  afterAll(async () => {
    await lab?.stop()
    process.stdout.write(`${summarize(kind, passed)}\n`)
  })

  const run = (action: (lab: Lab) => Promise<void> | void) => async (): Promise<void> => {
    if (lab === undefined) throw new Error(`${kind.name} does not run.`)
    await action(lab)
  }

  test(`it is version ${kind.version}, as the table says`, async ({ skip }) => {
    await run(({ server: { version } }) => {
      // Debian decides which version it has; the steps run with any.
      if (kind.requirement !== undefined && !areProgramsRequired()) {
        skip(version !== kind.version, `${version} is installed`)
      }
      expect(version).toBe(kind.version)
    })()
  })
  for (const id of stepIds) {
    const { title } = steps[id]
    const runStep = async (lab: Lab): Promise<void> => {
      await steps[id].run(lab)
      passed.add(id)
    }
    const reason = kind.skipped[id]
    const fault = kind.faults[id]
    if (reason !== undefined) test.skip(`${id}: ${title} (${reason})`)
    else if (fault === undefined) test(`${id}: ${title}`, run(runStep))
    else {
      test(
        `${id}: ${title} (not yet: ${fault.reason})`,
        run(async (lab) => {
          await expect(runStep(lab), 'the step passes now').rejects.toThrow(fault.seen)
        }),
      )
    }
  }
}

/** A row of the table in short, as it came out. */
function summarize(
  { name, version, skipped, faults }: ServerKind,
  passed: ReadonlySet<StepId>,
): string {
  const others = stepIds.filter((id) => !passed.has(id) && skipped[id] === undefined)
  const notYet = others.filter((id) => faults[id] !== undefined)
  const failed = others.filter((id) => faults[id] === undefined)
  const list = (word: string, ids: readonly string[]): string =>
    ids.length === 0 ? '' : `; ${word}: ${ids.join(', ')}`
  const skips = list('skipped', Object.keys(skipped))
  return `${name} ${version}: ${passed.size} of ${stepIds.length} steps passed${list('not yet', notYet)}${skips}${list('failed or not run', failed)}`
}

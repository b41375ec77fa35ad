// The table in docs/conformance.md says what is so. To write it anew, run this file with --update.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { conformanceCases, runCase } from '@token-handler/conformance'
import type { CaseOutcome, Subject } from '@token-handler/conformance'
import { startLocalStack } from '@token-handler/local-stack'
import { expect, test } from 'vitest'
import {
  createJarmSubject,
  createRealSubject,
  createVirtualSubject,
} from '../../packages/mock-agent/test/support/mock-subject.ts'
import { createCoreSubject } from '../../packages/reference-handler/test/conformance/core-subject.ts'
import { createStackSubject } from '../../packages/local-stack/test/conformance/stack-subject.ts'
import { isMissing } from '../../hosts/src/binaries.ts'
import { startHost } from '../../hosts/src/host-fixture.ts'
import type { Host } from '../../hosts/src/host.ts'
import { hosts } from '../../hosts/src/hosts.ts'
import { drawConformanceTable } from '../src/conformance-table.ts'
import type { SubjectColumn } from '../src/conformance-table.ts'

const file = fileURLToPath(new URL('../conformance.md', import.meta.url))

async function runAll(
  heading: string,
  createSubject: () => Subject | Promise<Subject>,
): Promise<SubjectColumn> {
  const outcomes = new Map<string, CaseOutcome>()
  for (const conformanceCase of conformanceCases) {
    outcomes.set(conformanceCase.id, await runCase(conformanceCase, await createSubject()))
  }
  return { heading, outcomes }
}

/** A host is an entry of hosts/src/hosts.ts; each starts with a stack of its own. */
async function runHost(host: Host): Promise<SubjectColumn> {
  const fixture = await startHost(host)
  try {
    return await runAll(host.name, () => fixture.subject)
  } finally {
    await fixture.stop()
  }
}

// Without a runtime its column cannot be written.
const isAnyMissing = hosts.some(({ runtime }) => isMissing(runtime))

test.skipIf(isAnyMissing)(
  'the table of cases and subjects is up to date, and nothing in it has failed',
  async () => {
    const ports = { spa: 0, handler: 0, authorizationServer: 0, api: 0, control: 0 }
    const stack = await startLocalStack({ ports, consent: false, log: { level: 'error' } })
    const columns = [
      await runAll('Mock', createVirtualSubject),
      await runAll('Mock, real cookies', createRealSubject),
      await runAll('Mock, JARM', createJarmSubject),
      await runAll('Core', () => createCoreSubject()),
      await runAll('Core, JARM', () => createCoreSubject({ jarm: true })),
      await runAll('Fastify host', () => createStackSubject(stack)),
    ]
    await stack.stop()
    for (const host of hosts) columns.push(await runHost(host))

    const failed = columns.flatMap(({ heading, outcomes }) =>
      [...outcomes]
        .filter(([, { status }]) => status === 'failed')
        .map(([id]) => `${heading}: ${id}`),
    )
    expect(failed).toEqual([])

    const markers = /(<!-- table -->\n\n).*(\n\n<!-- \/table -->)/s
    const written = await readFile(file, 'utf8')
    expect(written, 'where the table goes').toMatch(markers)
    const table = drawConformanceTable(conformanceCases, columns)
    const current = written.replace(
      markers,
      (_all, begin: string, end: string) => begin + table + end,
    )
    await expect(current).toMatchFileSnapshot(file)
  },
  300_000,
)

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
import { hosts } from '../../hosts/src/hosts.ts'
import { lambdaHosts } from '../../hosts/src/lambda/lambda-hosts.ts'
import { startLambdaSubject } from '../../hosts/src/lambda/lambda-subject.ts'
import { startGatewaySubject } from '../../gateways/forward-auth/src/gateway-subject.ts'
import { guideGateways, isGatewayMissing } from '../../gateways/forward-auth/src/gateways.ts'
import { findObstacle } from '../../packages/reference-handler/test/redis/redis-server.ts'
import { drawConformanceTable } from '../src/conformance-table.ts'
import type { SubjectColumn } from '../src/conformance-table.ts'

const file = fileURLToPath(new URL('../conformance.md', import.meta.url))

async function runAll(
  heading: string,
  createSubject: () => Subject | Promise<Subject>,
  skips: Readonly<Record<string, string>> = {},
): Promise<SubjectColumn> {
  const outcomes = new Map<string, CaseOutcome>()
  for (const conformanceCase of conformanceCases) {
    const { id } = conformanceCase
    const reason = skips[id]
    const outcome: CaseOutcome =
      reason === undefined
        ? await runCase(conformanceCase, await createSubject())
        : { status: 'skipped', reason }
    outcomes.set(id, outcome)
  }
  return { heading, outcomes }
}

/** What is started with a stack of its own. */
interface Started {
  readonly subject: Subject
  readonly stop: () => Promise<void>
}

async function runStarted(
  heading: string,
  started: Started,
  skips?: Readonly<Record<string, string>>,
): Promise<SubjectColumn> {
  try {
    return await runAll(heading, () => started.subject, skips)
  } finally {
    await started.stop()
  }
}

// Without a runtime or a program its column cannot be written.
const isAnyMissing =
  hosts.some(({ runtime }) => isMissing(runtime)) ||
  guideGateways.some(isGatewayMissing) ||
  findObstacle() !== undefined

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
    for (const host of hosts) columns.push(await runStarted(host.name, await startHost(host)))
    for (const host of lambdaHosts) {
      columns.push(await runStarted(host.name, await startLambdaSubject(host), host.skips))
    }
    for (const gateway of guideGateways) {
      columns.push(await runStarted(`Behind ${gateway.name}`, await startGatewaySubject(gateway)))
    }

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
  600_000,
)

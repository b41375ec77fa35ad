// The core, without a host or a network, does what the conformance suite says.
import { conformanceCases, runCase } from '@token-handler/contract/conformance'
import { expect, test } from 'vitest'
import { createCoreSubject } from './core-subject.ts'

test.for(conformanceCases)('$title', async (conformanceCase, { skip }) => {
  const outcome = await runCase(conformanceCase, await createCoreSubject())
  if (outcome.status === 'skipped') skip(outcome.reason)
  expect(outcome).toEqual({ status: 'passed' })
})

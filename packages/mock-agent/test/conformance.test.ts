// The mock is never kinder than the agent: it runs the same conformance cases.
import { conformanceCases, runCase } from '@token-handler/contract/conformance'
import { expect, test } from 'vitest'
import { createMockSubject } from './support/mock-subject.ts'

test.for(conformanceCases)('$title', async (conformanceCase, { skip }) => {
  const outcome = await runCase(conformanceCase, createMockSubject())
  if (outcome.status === 'skipped') skip(outcome.reason)
  expect(outcome).toEqual({ status: 'passed' })
})

// The mock is never kinder than the agent: in each of its modes it runs the same conformance cases.
import { conformanceCases, runCase } from '@token-handler/conformance'
import { describe, expect, test } from 'vitest'
import {
  createJarmSubject,
  createRealSubject,
  createVirtualSubject,
} from './support/mock-subject.ts'

describe.for([
  ['one virtual browser', createVirtualSubject],
  ['real cookies', createRealSubject],
  ['signed responses', createJarmSubject],
] as const)('the mock with %s', ([, createSubject]) => {
  test.for(conformanceCases)('$title', async (conformanceCase, { skip }) => {
    const outcome = await runCase(conformanceCase, createSubject())
    if (outcome.status === 'skipped') skip(outcome.reason)
    expect(outcome).toEqual({ status: 'passed' })
  })
})

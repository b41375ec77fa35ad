// The core, without a host or a network, does what the conformance suite says.
import { conformanceCases, runCase } from '@token-handler/conformance'
import { describe, expect, test } from 'vitest'
import { createCoreSubject } from './core-subject.ts'

describe.for([
  ['plain authorization responses', { jarm: false }],
  ['signed authorization responses', { jarm: true }],
  ['sessions that can be bound to devices', { deviceBinding: true }],
] as const)('with %s', ([, options]) => {
  for (const conformanceCase of conformanceCases) {
    test(conformanceCase.title, async ({ skip }) => {
      const outcome = await runCase(conformanceCase, await createCoreSubject(options))
      if (outcome.status === 'skipped') skip(outcome.reason)
      expect(outcome).toEqual({ status: 'passed' })
    })
  }
})

// The core, without a host or a network, does what the conformance suite says.
import { conformanceCases, runCase } from '@token-handler/conformance'
import { describe, expect, test } from 'vitest'
import { createCoreSubject } from './core-subject.ts'

describe.for([
  ['plain', { jarm: false }],
  ['signed', { jarm: true }],
] as const)('with %s authorization responses', ([, options]) => {
  for (const conformanceCase of conformanceCases) {
    test(conformanceCase.title, async ({ skip }) => {
      const outcome = await runCase(conformanceCase, await createCoreSubject(options))
      if (outcome.status === 'skipped') skip(outcome.reason)
      expect(outcome).toEqual({ status: 'passed' })
    })
  }
})

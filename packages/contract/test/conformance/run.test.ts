// How cases are run, and that the list of cases is in order.
import { expect, test } from 'vitest'
import { conformanceCases, ConformanceFailure, runCase } from '../../src/conformance/index.ts'
import type { ConformanceCase, Subject } from '../../src/conformance/index.ts'

const subject: Subject = {
  name: 'an empty server',
  agentUrl: 'https://api.example.com/oauth-agent',
  apiUrl: 'https://api.example.com/api',
  origin: 'https://www.example.com',
  capabilities: new Set(['cookies']),
  send: async () => new Response('{}'),
  authenticate: async (url) => url,
}

const aCase = (change: Partial<ConformanceCase>): ConformanceCase => ({
  id: 'a-case',
  title: 'A case',
  clause: 'none',
  needs: [],
  run: async () => {},
  ...change,
})

test('a case that tells its story to the end has passed', async () => {
  expect(await runCase(aCase({}), subject)).toEqual({ status: 'passed' })
})

test('a case is skipped, with the reason, where the subject lacks what it needs', async () => {
  const conformanceCase = aCase({ needs: ['cookies', 'cors', 'proxy'] })
  expect(await runCase(conformanceCase, subject)).toEqual({
    status: 'skipped',
    reason: 'an empty server lacks: cors, proxy',
  })
})

test.each([
  ['a difference', new ConformanceFailure('status is 200, not 401'), 'status is 200, not 401'],
  ['an unreachable server', new TypeError('fetch failed'), 'fetch failed'],
  ['anything else', 'odd', 'odd'],
])('a case fails with the message of %s', async (_what, cause, message) => {
  const run = (): Promise<void> => Promise.reject(cause)
  expect(await runCase(aCase({ run }), subject)).toEqual({
    status: 'failed',
    message: `${message} (before any request)`,
    cause,
  })
})

test('a failure names the last request that was sent', async () => {
  const conformanceCase = aCase({
    run: async ({ browser }) => {
      await browser.open(subject.origin).call('session')
      throw new ConformanceFailure('wrong')
    },
  })
  expect(await runCase(conformanceCase, subject)).toMatchObject({
    message: 'wrong (at GET https://api.example.com/oauth-agent/session)',
  })
})

test('every case has an id and a title of its own', () => {
  for (const member of ['id', 'title'] as const) {
    expect(new Set(conformanceCases.map((each) => each[member])).size).toBe(conformanceCases.length)
  }
  expect(conformanceCases.filter(({ id }) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id))).toEqual([])
})

test('a server that answers {} to everything passes one case only: signing out without a session', async () => {
  const passed: string[] = []
  for (const conformanceCase of conformanceCases) {
    const outcome = await runCase(conformanceCase, subject)
    if (outcome.status === 'passed') passed.push(conformanceCase.id)
  }
  expect(passed).toEqual(['logout-without-a-session'])
})

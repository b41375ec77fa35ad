// How cases are run, and that the list of cases is in order.
import { expect, onTestFinished, test, vi } from 'vitest'
import { conformanceCases, ConformanceFailure, NotApplicable, runCase } from '../src/index.ts'
import type { ConformanceCase, Subject } from '../src/index.ts'

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

test('a case that finds that it cannot tell is skipped, with the reason', async () => {
  const run = (): Promise<void> => Promise.reject(new NotApplicable('there is one user only'))
  expect(await runCase(aCase({ run }), subject)).toEqual({
    status: 'skipped',
    reason: 'there is one user only',
  })
})

test('a case that does not end in time fails', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const outcome = runCase(aCase({ run: () => new Promise(() => {}) }), subject, { timeout: 5 })
  await vi.advanceTimersByTimeAsync(5000)
  expect(await outcome).toMatchObject({
    status: 'failed',
    message: 'it has not ended after 5 seconds (before any request)',
  })
})

test('sessions that a case leaves behind are ended where that is wished, also when it fails', async () => {
  const sent: string[] = []
  const setCookie = { 'set-cookie': '__Host-th-session=1; Path=/; Secure; HttpOnly' }
  const send = async ({ url }: Request): Promise<Response> => {
    sent.push(new URL(url).pathname)
    return new Response('{}', { headers: url.endsWith('/login/end') ? setCookie : {} })
  }
  const conformanceCase = aCase({
    run: async ({ browser, newBrowser }) => {
      await browser.open(subject.origin).call('endLogin')
      await newBrowser().open(subject.origin).call('session')
      throw new ConformanceFailure('wrong')
    },
  })
  const outcome = await runCase(conformanceCase, { ...subject, send }, { signOutAfterwards: true })
  expect(outcome.status).toBe('failed')
  expect(sent).toEqual(['/oauth-agent/login/end', '/oauth-agent/session', '/oauth-agent/logout'])
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

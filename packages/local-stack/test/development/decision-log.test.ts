// How log lines become decisions.
import { expect, test } from 'vitest'
import { createDecisionLog } from '../../src/development/decision-log.ts'

const line = (fields: object): string => JSON.stringify({ level: 30, time: 1, msg: '', ...fields })

test('a refusal of the agent and its answer are one decision', () => {
  const log = createDecisionLog(() => {})
  log.write(line({ operation: 'refresh', status: 401, code: 'session_expired', details: 'Over.' }))
  log.write(line({ method: 'GET', path: '/oauth-agent/session', status: 200, milliseconds: 1 }))
  log.write(line({ method: 'POST', path: '/oauth-agent/refresh', status: 401, milliseconds: 2 }))
  expect(log.last()).toEqual([
    { id: 1, time: 1, what: 'GET /oauth-agent/session', status: 200, milliseconds: 1 },
    {
      id: 2,
      time: 1,
      what: 'POST /oauth-agent/refresh',
      status: 401,
      milliseconds: 2,
      code: 'session_expired',
      why: 'Over.',
    },
  ])
})

test('a refusal of the proxy belongs to the answer of the same request', () => {
  const log = createDecisionLog(() => {})
  log.write(line({ reqId: 'a', code: 'unauthorized', reason: 'No cookie.' }))
  log.write(line({ reqId: 'b', method: 'GET', path: '/api/b', status: 200 }))
  log.write(line({ reqId: 'a', method: 'GET', path: '/api/a', status: 401 }))
  expect(log.last().map(({ what, why }) => [what, why])).toEqual([
    ['GET /api/b', undefined],
    ['GET /api/a', 'No cookie.'],
  ])
})

test('what is no line of the log is left out, and errors are told', () => {
  const told: string[] = []
  const log = createDecisionLog((message) => void told.push(message))
  log.write('no JSON')
  log.write(line({ level: 50, msg: 'failed', details: 'Here.' }))
  expect(log.last()).toEqual([])
  expect(told).toEqual(['failed: Here.'])
})

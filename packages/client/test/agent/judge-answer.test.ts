// What an answer means: the whole table.
import { describe, expect, it } from 'vitest'
import { judgeAnswer } from '../../src/agent/judge-answer.ts'
import type { AnswerMeaning, AnswerSummary } from '../../src/agent/judge-answer.ts'

type Row = readonly [Parameters<typeof judgeAnswer>[0], AnswerSummary, AnswerMeaning]

const rows: readonly Row[] = [
  ['session', { status: 200 }, 'success'],
  ['session', { status: 401, code: 'unauthorized_request' }, 'no-session'],
  ['session', { status: 403 }, 'misconfigured'],
  ['session', { status: 200, isUnreadable: true }, 'unavailable'],
  ['startLogin', { status: 200 }, 'success'],
  ['startLogin', { status: 400, code: 'invalid_request' }, 'misconfigured'],
  ['startLogin', { status: 401 }, 'misconfigured'],
  ['startLogin', { status: 502 }, 'unavailable'],
  ['endLogin', { status: 200 }, 'success'],
  ['endLogin', { status: 400, code: 'invalid_request' }, 'ask-session'],
  ['endLogin', { status: 401, code: 'login_required' }, 'ask-session'],
  ['endLogin', { status: 429 }, 'unavailable'],
  ['endLogin', { status: 502 }, 'unavailable'],
  ['endLogin', {}, 'unavailable'],
  ['refresh', { status: 200 }, 'success'],
  ['refresh', { status: 204 }, 'success'],
  ['refresh', { status: 401 }, 'no-session'],
  ['refresh', { status: 401, code: 'whatever' }, 'no-session'],
  ['refresh', { status: 400, code: 'invalid_grant' }, 'no-session'],
  ['refresh', { status: 400, code: 'session_expired' }, 'no-session'],
  ['refresh', { status: 400, code: 'invalid_request' }, 'misconfigured'],
  ['refresh', { status: 403, code: 'untrusted_request' }, 'misconfigured'],
  ['refresh', { status: 404 }, 'misconfigured'],
  ['refresh', { status: 429 }, 'unavailable'],
  ['refresh', { status: 500 }, 'unavailable'],
  ['refresh', { status: 503, code: 'temporarily_unavailable' }, 'unavailable'],
  ['refresh', {}, 'unavailable'],
  ['refresh', { status: 200, isUnreadable: true }, 'unavailable'],
  ['logout', { status: 200 }, 'success'],
  ['logout', { status: 401 }, 'no-session'],
  ['logout', { status: 403 }, 'misconfigured'],
  ['logout', {}, 'unavailable'],
  ['api', { status: 200 }, 'pass'],
  ['api', { status: 401 }, 'refresh'],
  ['api', { status: 401, code: 'invalid_token' }, 'refresh'],
  ['api', { status: 401, code: 'insufficient_user_authentication' }, 'step-up'],
  ['api', { status: 403, code: 'insufficient_scope' }, 'pass'],
  ['api', { status: 403, code: 'untrusted_request' }, 'pass'],
  ['api', { status: 500 }, 'pass'],
]

describe('an answer to', () => {
  it.each(rows)('%s, %o, means: %s', (call, answer, outcome) => {
    expect(judgeAnswer(call, answer)).toBe(outcome)
  })
})

// The timeline as data.
import type { TraceDetail, TraceStep } from '@token-handler/client'
import { expect, test } from 'vitest'
import { createTimeline } from '../../src/devtools/timeline.ts'

const start = Date.UTC(2026, 0, 1)

const step = (after: number, tabId: string, detail: TraceDetail): TraceStep => ({
  at: start + after,
  tabId,
  ...detail,
})

const request = (attempt: number): TraceDetail => ({
  kind: 'request',
  request: 1,
  attempt,
  method: 'GET',
  path: '/api/orders',
  epoch: attempt,
})

test('a 401, its refresh and the replay read as a story with durations', () => {
  const { rows } = createTimeline(
    [
      step(0, 'a', request(1)),
      step(30, 'a', { kind: 'response', request: 1, status: 401 }),
      step(31, 'a', { kind: 'agent-request', operation: 'refresh' }),
      step(91, 'a', {
        kind: 'agent-answer',
        operation: 'refresh',
        outcome: 'success',
        status: 200,
      }),
      step(92, 'a', request(2)),
      step(112, 'a', { kind: 'response', request: 1, status: 200 }),
    ],
    'a',
  )
  expect(rows.map(({ text, tone, duration }) => [text, tone, duration])).toEqual([
    ['GET /api/orders', 'plain', undefined],
    ['401: the access token was not accepted', 'bad', 30],
    ['asks for a new access token', 'plain', undefined],
    ['access token refreshed', 'good', 60],
    ['GET /api/orders, sent again', 'plain', undefined],
    ['200', 'good', 20],
  ])
})

test('a request without an answer says so', () => {
  const { rows } = createTimeline(
    [step(0, 'a', request(1)), step(30, 'a', { kind: 'response', request: 1, status: 0 })],
    'a',
  )
  expect(rows.at(-1)).toMatchObject({ text: 'no answer', tone: 'bad', duration: 30 })
})

test('a call that the app has aborted is no failure', () => {
  const aborted = { kind: 'response', request: 1, status: 0, isAborted: true } as const
  const { rows } = createTimeline([step(0, 'a', request(1)), step(3, 'a', aborted)], 'a')
  expect(rows.at(-1)).toMatchObject({ text: 'aborted by the app', tone: 'plain' })
})

test('every tab has a lane, this one first, and messages name who sent them', () => {
  const message = { kind: 'message', type: 'refreshed', from: 'b', epoch: 1 } as const
  const { lanes, rows } = createTimeline(
    [
      step(0, 'b', { ...message, direction: 'sent' }),
      step(2, 'a', { ...message, direction: 'received' }),
    ],
    'a',
  )
  expect(lanes.map(({ name }) => name)).toEqual(['This tab', 'Tab 2'])
  expect(rows.map(({ lane, text }) => [lane, text])).toEqual([
    [1, 'sends: the access token is new'],
    [0, 'hears Tab 2: the access token is new'],
  ])
})

test('a failure of the agent is told with its code and status', () => {
  const { rows } = createTimeline(
    [
      step(0, 'a', {
        kind: 'agent-answer',
        operation: 'refresh',
        outcome: 'session_expired',
        status: 401,
      }),
    ],
    'a',
  )
  expect(rows).toMatchObject([{ text: 'refresh: session_expired (401)', tone: 'bad' }])
})

test('a pause of more than a second is marked', () => {
  const visible = { kind: 'page', event: 'visible' } as const
  const steps = [step(0, 'a', visible), step(900, 'a', visible), step(2_000, 'a', visible)]
  expect(createTimeline(steps, 'a').rows.map(({ isAfterPause }) => isAfterPause)).toEqual([
    false,
    false,
    true,
  ])
})

// A WebSocket between two ends: what passes, how it ends, and that it ends once.
import { expect, test, vi } from 'vitest'
import { createLateEnd } from '../../../src/hosts/fetch/late-end.ts'
import { createRelay } from '../../../src/hosts/fetch/relay.ts'
import { createManualTime } from '../../support/manual-time.ts'

function createEnds(closesIn = 60_000) {
  const time = createManualTime()
  const client = { send: vi.fn(), close: vi.fn() }
  const upstream = { send: vi.fn(), close: vi.fn() }
  const onEnd = vi.fn()
  const closesAt = time.now() + closesIn
  const relay = createRelay(client, upstream, { ...time, closesAt, onEnd })
  return { time, client, upstream, onEnd, relay }
}

test('messages pass to the other end', () => {
  const { client, relay, upstream } = createEnds()
  const bytes = new ArrayBuffer(2)
  relay.client.message('up')
  relay.upstream.message(bytes)
  expect(upstream.send.mock.calls).toEqual([['up']])
  expect(client.send.mock.calls).toEqual([[bytes]])
})

test('both ends are closed when the access token expires, once, and nothing passes any more', () => {
  const { client, onEnd, relay, time, upstream } = createEnds()
  time.advance(59_999)
  expect(client.close).not.toHaveBeenCalled()
  time.advance(1)
  relay.client.closed(4401, 'access token expired')
  relay.upstream.message('too late')
  expect(client.close.mock.calls).toEqual([[4401, 'access token expired']])
  expect(upstream.close.mock.calls).toEqual([[4401, 'access token expired']])
  expect(client.send).not.toHaveBeenCalled()
  expect(onEnd).toHaveBeenCalledOnce()
})

test('a lifetime that no timer can wait for is waited for in parts', () => {
  const month = 2_678_400_000
  const { client, time } = createEnds(month)
  time.advance(2 ** 31 - 1)
  expect(client.close).not.toHaveBeenCalled()
  time.advance(month - 2 ** 31 + 1)
  expect(client.close).toHaveBeenCalledOnce()
})

test.each([
  ['a code of an application', 4000, 'maintenance', [4000, 'maintenance']],
  ['no code', 1005, '', []],
  ['a connection that was lost', 1006, '', [1011, '']],
] as const)('the other end is told of %s', (_title, code, reason, told) => {
  const { relay, time, upstream } = createEnds()
  relay.client.closed(code, reason)
  expect(upstream.close.mock.calls).toEqual([told])
  expect(time.pending()).toBe(0)
})

test('a code that an end may not send is left out', () => {
  const { relay, upstream } = createEnds()
  upstream.close.mockImplementation((code?: number) => {
    if (code !== undefined) throw new TypeError('InvalidAccessError')
  })
  relay.client.closed(1001, 'going away')
  expect(upstream.close.mock.calls).toEqual([[1001, 'going away'], []])
})

test('an end that takes no more messages ends both', () => {
  const { client, relay, upstream } = createEnds()
  upstream.send.mockImplementation(() => {
    throw new Error('It is closed.')
  })
  relay.client.message('lost')
  expect(client.close.mock.calls).toEqual([[1011, '']])
})

test('what comes for a client before it is there waits, in its order', () => {
  const end = { send: vi.fn(), close: vi.fn() }
  const late = createLateEnd()
  late.send('first')
  late.send('second')
  expect(end.send).not.toHaveBeenCalled()
  late.open(end)
  late.close(4000, 'done')
  expect(end.send.mock.calls).toEqual([['first'], ['second']])
  expect(end.close.mock.calls).toEqual([[4000, 'done']])
})

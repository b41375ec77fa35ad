// What the devtools remember, of this tab and of the others.
import { TokenHandlerError } from '@token-handler/client'
import { expect, test, vi } from 'vitest'
import { recordingOf } from '../../src/devtools/recording.ts'
import { createTracedClient, visible } from './traced-client.ts'

test('steps before the start are not asked for, steps after it are kept', () => {
  const { client, emit } = createTracedClient()
  const recording = recordingOf(client)
  emit('trace', visible('a', 1))
  recording.start()
  recording.start()
  emit('trace', visible('a', 2))
  expect(recording.getSnapshot()).toMatchObject({ steps: [{ at: 2 }], tabId: 'a' })
})

test('a burst of steps is told once, and not in the middle of what caused it', async () => {
  const { client, emit } = createTracedClient()
  const recording = recordingOf(client)
  const listener = vi.fn<() => void>()
  recording.start()
  recording.subscribe(listener)
  emit('trace', visible('a', 1))
  emit('trace', visible('a', 2))
  expect(listener).not.toHaveBeenCalled()
  await Promise.resolve()
  expect(listener).toHaveBeenCalledOnce()
})

test('tabs see the steps of each other once, also those from before they were opened', async () => {
  const tabs = ['first', 'second', 'third'].map((tabId, at) => {
    const { client, emit } = createTracedClient()
    const recording = recordingOf(client)
    recording.start()
    recording.connect()
    emit('trace', visible(tabId, at))
    return recording
  })
  for (const recording of tabs) {
    const seen = (): readonly string[] =>
      recording
        .getSnapshot()
        .steps.map(({ tabId }) => tabId)
        .filter((tabId) => tabId !== 'a')
    await expect.poll(seen).toEqual(['first', 'second', 'third'])
  }
})

test('what is no step is not taken from another tab', async () => {
  const { client } = createTracedClient()
  const recording = recordingOf(client)
  recording.start()
  recording.connect()
  const channel = new BroadcastChannel('token-handler:devtools')
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- for windows only
  const say = (message: unknown): void => channel.postMessage(message)
  say('hello')
  say({ kind: 'step', step: { at: 'noon' } })
  say({ kind: 'history', steps: [undefined, visible('fourth', 3)] })
  const seen = () => recording.getSnapshot().steps.find(({ tabId }) => tabId === 'fourth')
  await expect.poll(seen).toEqual(visible('fourth', 3))
  expect(recording.getSnapshot().steps.every(({ at }) => typeof at === 'number')).toBe(true)
  channel.close()
})

test('only the last steps and errors are kept', () => {
  const { client, emit } = createTracedClient()
  const recording = recordingOf(client)
  recording.start()
  for (let at = 0; at < 600; at += 1) emit('trace', visible('a', at))
  for (let count = 0; count < 7; count += 1) {
    emit('error', { error: new TokenHandlerError('agent_unreachable', `failure ${count}`) })
  }
  const { steps, errors } = recording.getSnapshot()
  expect([steps.length, steps[0]?.at]).toEqual([500, 100])
  expect([errors.length, errors[0]?.error.message.split(' https')[0]]).toEqual([5, 'failure 6'])
})

test('an error that is there before the devtools is listed, once', () => {
  const error = new TokenHandlerError('agent_unreachable', 'no answer')
  const { client } = createTracedClient({ status: 'error', error })
  const recording = recordingOf(client)
  recording.start()
  recording.start()
  expect(recording.getSnapshot().errors).toMatchObject([{ error }])
})

// Each hot reload left one more channel, which answered the devtools of every other tab.
test('the channel is closed with the last devtools of a client, and what others missed is told with the next', async () => {
  const close = vi.spyOn(BroadcastChannel.prototype, 'close')
  const { client, emit } = createTracedClient()
  const recording = recordingOf(client)
  recording.start()
  const [leave, leaveToo] = [recording.connect(), recording.connect()]
  leave()
  leave()
  expect(close).not.toHaveBeenCalled()
  leaveToo()
  expect(close).toHaveBeenCalledOnce()
  emit('trace', visible('reloaded', 7))
  const other = recordingOf(createTracedClient().client)
  const leaveOther = other.connect()
  recording.connect()
  await expect
    .poll(() => other.getSnapshot().steps.filter(({ tabId }) => tabId === 'reloaded'))
    .toEqual([visible('reloaded', 7)])
  leaveOther()
  expect(close).toHaveBeenCalledTimes(2)
})

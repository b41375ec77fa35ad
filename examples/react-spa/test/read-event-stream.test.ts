// Reading server-sent events, however the network cuts them up.
import { expect, test } from 'vitest'
import { readEventStream } from '../src/read-event-stream.ts'
import type { ServerSentEvent } from '../src/read-event-stream.ts'

async function read(...chunks: readonly string[]): Promise<readonly ServerSentEvent[]> {
  const encoder = new TextEncoder()
  const body = new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(encoder.encode(chunk))
      controller.close()
    },
  })
  const events: ServerSentEvent[] = []
  for await (const event of readEventStream(new Response(body))) events.push(event)
  return events
}

test('events are read with their name and all lines of their data', async () => {
  expect(await read('event: orders\ndata: one\ndata: two\n\ndata: three\n\n')).toEqual([
    { event: 'orders', data: 'one\ntwo' },
    { event: 'message', data: 'three' },
  ])
})

test('an event may arrive in pieces, also in the middle of a line end', async () => {
  expect(await read('event: ord', 'ers\r\ndata: {"a"', ':1}\r\n\r', '\n')).toEqual([
    { event: 'orders', data: '{"a":1}' },
  ])
})

test('comments are no events, and an event that is cut off is none either', async () => {
  expect(await read(': heartbeat\n\ndata: cut off')).toEqual([])
})

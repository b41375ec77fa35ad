// Following WebSocket frames over chunks of any size.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { closeFrame, createFrameTracker } from '../../src/hosts/node/web-socket-frames.ts'

/** A frame with a payload of that many bytes, as a server sends it, or masked as a client does. */
function frame(length: number, masked: boolean): Buffer {
  const mask = masked ? 0x80 : 0
  const head =
    length < 126
      ? [0x82, mask | length]
      : length < 65_536
        ? [0x82, mask | 126, length >> 8, length & 0xff]
        : [0x82, mask | 127, 0, 0, 0, 0, 0, length >> 16, (length >> 8) & 0xff, length & 0xff]
  return Buffer.concat([Buffer.from(head), Buffer.alloc(length + (masked ? 4 : 0), 0x88)])
}

describe('following frames', () => {
  it('finds the end of each, however they are cut into chunks', () => {
    const lengths = fc.oneof(fc.nat(300), fc.constantFrom(0, 125, 126, 65_535, 65_536, 70_000))
    const frames = fc.array(fc.record({ length: lengths, masked: fc.boolean() }), { minLength: 1 })
    const property = fc.property(
      frames,
      fc.infiniteStream(fc.integer({ min: 1, max: 40_000 })),
      (list, sizes) => {
        const buffers = list.map(({ length, masked }) => frame(length, masked))
        const stream = Buffer.concat(buffers)
        const ends = new Set<number>()
        buffers.reduce((sum, { length }) => (ends.add(sum + length), sum + length), 0)
        const tracker = createFrameTracker()
        for (let offset = 0; offset < stream.length;) {
          const chunk = stream.subarray(offset, offset + Number(sizes.next().value))
          const expected = [...ends].find((end) => end > offset && end <= offset + chunk.length)
          expect(tracker.track(chunk)).toBe(expected === undefined ? undefined : expected - offset)
          offset += chunk.length
          expect(tracker.isBetweenFrames()).toBe(ends.has(offset))
        }
      },
    )
    fc.assert(property, { seed: 6455, numRuns: 200 })
  })

  it('makes close frames that a browser understands', () => {
    expect(closeFrame(4401, 'why')).toEqual(
      Buffer.from([0x88, 5, 0x11, 0x31, ...Buffer.from('why')]),
    )
  })
})

// What has been ended within the last day, for gateways.
import { describe, expect, it } from 'vitest'
import { createEndingHistory, MAX_ENDINGS } from '../../src/store/ending-history.ts'

const DAY = 86_400_000

function createHistory() {
  let now = 10 * DAY
  const history = createEndingHistory(DAY, () => now)
  const note = (position: string, mark = position) =>
    history.note(position, { at: now, marks: [mark] })
  const marksSince = (position: string, limit = 10) => {
    const { endings, ...rest } = history.since(position, limit)
    return { marks: endings.flatMap(({ marks }) => marks), ...rest }
  }
  return { note, marksSince, pass: (time: number) => void (now += time) }
}

describe('the history of ended sessions', () => {
  it('tells what comes after a position, a page at a time', () => {
    const { note, marksSince } = createHistory()
    for (const position of ['9-0', '10-0', '10-1', '11-0']) note(position)
    expect(marksSince('')).toEqual({
      marks: ['9-0', '10-0', '10-1', '11-0'],
      position: '11-0',
      isMore: false,
    })
    expect(marksSince('9-0', 2)).toEqual({
      marks: ['10-0', '10-1'],
      position: '10-1',
      isMore: true,
    })
    expect(marksSince('10-1', 2)).toEqual({ marks: ['11-0'], position: '11-0', isMore: false })
  })

  it('has nothing after the last, nor after what another instance has heard before it', () => {
    const { note, marksSince } = createHistory()
    note('10-0')
    expect(marksSince('10-0')).toEqual({ marks: [], position: '10-0', isMore: false })
    expect(marksSince('12-5')).toEqual({ marks: [], position: '12-5', isMore: false })
  })

  it('notes what it reads again once, and in its place', () => {
    const { note, marksSince } = createHistory()
    note('10-0')
    note('12-0')
    note('11-0')
    note('10-0', 'again')
    expect(marksSince('').marks).toEqual(['10-0', '11-0', '12-0'])
  })

  it('forgets after a day', () => {
    const { note, marksSince, pass } = createHistory()
    note('10-0')
    pass(DAY)
    note('11-0')
    expect(marksSince('').marks).toEqual(['11-0'])
  })

  it('never holds more than its limit, however often somebody signs out', () => {
    const { note, marksSince } = createHistory()
    for (let count = 0; count < MAX_ENDINGS + 10; count += 1) note(`${count}-0`)
    const { marks, isMore } = marksSince('', MAX_ENDINGS * 2)
    expect(marks.length).toBeLessThanOrEqual(MAX_ENDINGS)
    expect(marks.at(-1)).toBe(`${MAX_ENDINGS + 9}-0`)
    expect(isMore).toBe(false)
  })
})

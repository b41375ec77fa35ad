// When an access token that nobody can see is due.
import { describe, expect, it } from 'vitest'
import { createAccessToken } from '../../src/refresh/access-token.ts'

function startClock() {
  let now = 0
  let slept = 0
  return {
    clock: { now: () => now, monotonicNow: () => now - slept },
    at: (seconds: number) => void (now = seconds * 1000),
    /** The wall clock goes on, or is set; the monotonic clock knows nothing of it. */
    sleep(seconds: number) {
      now += seconds * 1000
      slept += seconds * 1000
    },
  }
}

describe('an access token', () => {
  it.each([
    ['a long one 30 s before its end', 3600, 3570],
    ['a short one when a tenth of it is left', 10, 9],
    ['one of 5 s not before half of it is over', 5, 4.5],
    ['one that is over at once', 0, 0],
    ['one that was over before', -5, -4.5],
  ])('is due: %s', (_, expiresIn, dueAt) => {
    const { clock, at } = startClock()
    const token = createAccessToken(clock)
    token.noteExpiry(0, expiresIn)
    at(dueAt - 0.001)
    expect(token.isDue()).toBe(false)
    at(dueAt)
    expect(token.isDue()).toBe(true)
  })

  it('is never due as long as its end is not known', () => {
    const { clock, at } = startClock()
    const token = createAccessToken(clock)
    at(1e9)
    expect(token.isDue()).toBe(false)
    expect(token.noteExpiry(0, 10)).toBe(10_000)
    expect(token.isDue()).toBe(true)
    expect(token.noteExpiry(0, undefined)).toBeUndefined()
    expect(token.isDue()).toBe(false)
  })

  it('is counted from when the agent was asked, not from when it answered', () => {
    const { clock, at } = startClock()
    const token = createAccessToken(clock)
    at(100)
    expect(token.noteExpiry(90_000, 300)).toBe(390_000)
  })

  it.each([0, -1])('is not due again at once when it was renewed for %s s', (expiresIn) => {
    const token = createAccessToken(startClock().clock)
    expect(token.renew(0, expiresIn)).toEqual({ renewedAt: 0, accessTokenExpiresAt: undefined })
    expect(token.isDue()).toBe(false)
  })

  it('is as another tab says that renewed it', () => {
    const { clock, at } = startClock()
    const token = createAccessToken(clock)
    token.noteExpiry(0, 10)
    token.adoptRenewal({ renewedAt: 5_000, accessTokenExpiresAt: 605_000 })
    at(574.999)
    expect(token.isDue()).toBe(false)
    at(575)
    expect(token.isDue()).toBe(true)
  })
})

describe('an access token for a request that cannot be sent again', () => {
  it('has to be good for longer', () => {
    const { clock, at } = startClock()
    const token = createAccessToken(clock)
    token.renew(0, 600)
    at(539.999)
    expect(token.isDue(60)).toBe(false)
    at(540)
    expect(token.isDue(60)).toBe(true)
    expect(token.isDue()).toBe(false)
  })

  it('need not be good for longer than half of its lifetime', () => {
    const { clock, at } = startClock()
    const token = createAccessToken(clock)
    token.renew(0, 20)
    at(9.999)
    expect(token.isDue(60)).toBe(false)
    at(10)
    expect(token.isDue(60)).toBe(true)
  })

  it('is due when only little is known to be left of it', () => {
    const token = createAccessToken(startClock().clock)
    token.noteExpiry(0, 50)
    expect(token.isDue(60)).toBe(true)
    expect(token.isDue()).toBe(false)
  })
})

describe('after the machine has slept, or somebody has set its clock', () => {
  it.each([6, -6])('by %i s, an access token may have expired: its 401 will tell', (seconds) => {
    const { clock, at, sleep } = startClock()
    const token = createAccessToken(clock)
    token.renew(0, 600)
    at(590)
    expect(token.isDue()).toBe(true)
    sleep(seconds)
    expect(token.isDue()).toBe(false)
    expect(token.isDue(1)).toBe(true)
  })

  it('a new one is trusted again', () => {
    const { clock, sleep } = startClock()
    const token = createAccessToken(clock)
    token.renew(0, 600)
    sleep(100)
    token.renew(100_000, 600)
    expect(token.isDue(60)).toBe(false)
  })

  it('a difference that clocks have anyway changes nothing', () => {
    const { clock, sleep } = startClock()
    const token = createAccessToken(clock)
    token.renew(0, 600)
    sleep(5)
    expect(token.isDue(60)).toBe(false)
  })
})

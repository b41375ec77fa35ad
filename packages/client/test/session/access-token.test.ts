// When an access token that nobody can see is due.
import { describe, expect, it } from 'vitest'
import { createAccessToken } from '../../src/session/access-token.ts'

function startClock() {
  let now = 0
  return { now: () => now, at: (seconds: number) => void (now = seconds * 1000) }
}

describe('an access token', () => {
  it.each([
    ['a long one 30 s before its end', 3600, 3570],
    ['a short one when a tenth of it is left', 10, 9],
    ['one of 5 s not before half of it is over', 5, 4.5],
    ['one that is over at once', 0, 0],
    ['one that was over before', -5, -4.5],
  ])('is due: %s', (_, expiresIn, dueAt) => {
    const clock = startClock()
    const token = createAccessToken(clock.now)
    token.observe(0, expiresIn)
    clock.at(dueAt - 0.001)
    expect(token.isDue()).toBe(false)
    clock.at(dueAt)
    expect(token.isDue()).toBe(true)
  })

  it('is never due as long as its end is not known', () => {
    const clock = startClock()
    const token = createAccessToken(clock.now)
    clock.at(1e9)
    expect(token.isDue()).toBe(false)
    expect(token.observe(0, 10)).toBe(10_000)
    expect(token.isDue()).toBe(true)
    expect(token.observe(0, undefined)).toBeUndefined()
    expect(token.isDue()).toBe(false)
  })

  it('is counted from when the agent was asked, not from when it answered', () => {
    const clock = startClock()
    const token = createAccessToken(clock.now)
    clock.at(100)
    expect(token.observe(90_000, 300)).toBe(390_000)
  })

  it('begins an epoch with every renewal, and with nothing else', () => {
    const token = createAccessToken(() => 0)
    token.observe(0, 10)
    expect(token.epoch()).toBe(0)
    token.renew(0, 10)
    token.renew(0, undefined)
    expect(token.epoch()).toBe(2)
  })

  it('ignores an answer about the token before', () => {
    const token = createAccessToken(() => 0)
    token.renew(1_000, 300)
    expect(token.observe(999, 5)).toBe(301_000)
  })

  it.each([0, -1])('is not due again at once when it was renewed for %s s', (expiresIn) => {
    const token = createAccessToken(() => 0)
    expect(token.renew(0, expiresIn)).toBeUndefined()
    expect(token.isDue()).toBe(false)
  })
})

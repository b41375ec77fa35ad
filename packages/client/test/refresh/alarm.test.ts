// An alarm, on a machine that may sleep, whose clock may be set.
import { expect, it, vi } from 'vitest'
import { createAlarm } from '../../src/refresh/alarm.ts'
import { createFakeBrowser } from '../support/fake-browser.ts'

const HOUR = 3_600_000

function openClock() {
  const browser = createFakeBrowser()
  const ring = vi.fn()
  const { setTimer } = browser.openPage()
  const { now, monotonicNow } = browser
  const set = createAlarm({ now, monotonicNow, setTimer }, ring)
  // Timers fire one after the other.
  const pass = (milliseconds: number) => {
    for (let left = milliseconds; left > 0; left -= 60_000) browser.advance(Math.min(left, 60_000))
  }
  return { browser, ring, set, pass }
}

it('rings when its time has come, and not again', () => {
  const { browser, ring, set, pass } = openClock()
  set(browser.now() + HOUR)
  pass(HOUR - 1)
  expect(ring).not.toHaveBeenCalled()
  pass(1)
  pass(HOUR)
  expect(ring.mock.calls).toEqual([[false]])
})

it('forgets the time before when it is set again, or turned off', () => {
  const { browser, ring, set, pass } = openClock()
  for (let time = 0; time < 500; time += 1) set(browser.now() + HOUR)
  expect(browser.timerCount()).toBe(1)
  set(undefined)
  expect(browser.timerCount()).toBe(0)
  pass(2 * HOUR)
  expect(ring).not.toHaveBeenCalled()
})

it('rings in time although the clock is set back, and says so', () => {
  const { browser, ring, set, pass } = openClock()
  set(browser.now() + HOUR)
  browser.setClockForward(-24 * HOUR)
  pass(HOUR)
  expect(ring.mock.calls).toEqual([[true]])
})

it('rings within ten minutes of a sleep in which its time has come, and says so', () => {
  const { browser, ring, set, pass } = openClock()
  set(browser.now() + HOUR)
  browser.setClockForward(8 * HOUR)
  pass(HOUR / 6)
  expect(ring.mock.calls).toEqual([[true]])
})

it('looks at the clock every ten minutes, and no timer is longer than browsers can keep', () => {
  const { browser, set } = openClock()
  set(browser.now() + 1_000 * 24 * HOUR)
  expect(browser.nextTimerIn()).toBe(600_000)
})

// Random schedules of two instances over a store that is slow, loses requests and answers, and restarts with nothing:
// every session that can be kept is kept. SCHEDULES=100000 plays more than the usual few.
import { expect, it } from 'vitest'
import { playSchedule } from './play-schedule.ts'

const SCHEDULES = Number(process.env['SCHEDULES'] ?? 300)

it('two instances lose no session that can be kept, whatever the store does', async () => {
  let [refreshes, excused] = [0, 0]
  for (let seed = 1; seed <= SCHEDULES; seed++) {
    const outcome = await playSchedule(seed)
    expect(
      outcome.lost,
      `the session is lost; replay it with seed ${seed}: ${outcome.story.join('; ')}`,
    ).toBe(false)
    refreshes += outcome.refreshes
    if (outcome.isExcused) excused += 1
  }
  // Otherwise nothing has been tried.
  expect(refreshes).toBeGreaterThan(2 * SCHEDULES)
  expect(excused).toBeLessThan(SCHEDULES / 4)
  process.stdout.write(
    `${SCHEDULES} schedules, ${refreshes} refreshes, 0 lost, ${excused} beyond keeping\n`,
  )
}, 1_800_000)

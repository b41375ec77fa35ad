// Random schedules of two instances over a store that is slow, loses requests and answers, and restarts with nothing:
// every session that can be kept is kept. SCHEDULES=100000 plays more than the usual few, and FIRST_SCHEDULE=1001 others.
import { expect, it } from 'vitest'
import { playSchedule } from './play-schedule.ts'

const SCHEDULES = Number(process.env['SCHEDULES'] ?? 300)
const FIRST = Number(process.env['FIRST_SCHEDULE'] ?? 1)

it('two instances lose no session that can be kept, whatever the store does', async () => {
  let [refreshes, excused] = [0, 0]
  for (let seed = FIRST; seed < FIRST + SCHEDULES; seed++) {
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

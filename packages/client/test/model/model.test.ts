// Random days of several tabs, against a model of the agent: what must hold, holds in all of them.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Lacks } from '../support/fake-browser.ts'
import { quietSteps, steps } from './actions.ts'
import type { Step } from './actions.ts'
import { live } from './day.ts'
import type { Report } from './day.ts'
import type { WorldOptions } from './world.ts'

// The normal tests live through a few hundred days, always the same ones. For more:
// `MODEL_RUNS=100000 vitest run --project client model`, with MODEL_SEED for others.
const numRuns = Number(process.env['MODEL_RUNS'] ?? 300)
const seed = Number(process.env['MODEL_SEED'] ?? 4)

async function liveMany(
  days: fc.Arbitrary<readonly Step[]>,
  options: Omit<WorldOptions, 'scheduler'>,
  share = 1,
): Promise<Report> {
  const total = {
    losses: 0,
    lateLosses: 0,
    unheardAnswers: 0,
    refreshes: 0,
    needless: 0,
    secondReplays: 0,
  }
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), days, async (scheduler, day) => {
      const report = await live(day, { scheduler, ...options })
      total.losses += report.losses
      total.lateLosses += report.lateLosses
      total.unheardAnswers += report.unheardAnswers
      total.refreshes += report.refreshes
      total.needless += report.needless
      total.secondReplays += report.secondReplays
    }),
    { numRuns: Math.ceil(numRuns * share), seed },
  )
  return total
}

describe('tabs that share a session', { timeout: 0 }, () => {
  it('lose none, when the agent remembers what a refresh token was exchanged for', async ({
    annotate,
  }) => {
    const total = await liveMany(steps, { hasCache: true })
    await annotate(JSON.stringify(total))
    expect(total.losses).toBe(0)
    expect(total.lateLosses).toBeLessThanOrEqual(total.unheardAnswers)
    expect(total.refreshes).toBeGreaterThan(numRuns / 2)
  })

  it('lose none but where nobody heard the answer to a refresh, when the agent remembers nothing', async ({
    annotate,
  }) => {
    const total = await liveMany(steps, { hasCache: false })
    await annotate(JSON.stringify(total))
    expect(total.losses).toBeLessThanOrEqual(total.unheardAnswers)
  })

  it('know better than an answer that a sign-in has overtaken, though one of them is not there to know', async () => {
    const day: readonly Step[] = [
      { action: { kind: 'refresh', page: 0 }, arrivals: 0 },
      { action: { kind: 'end the grant' }, arrivals: 0 },
      { action: { kind: 'sign in', page: 1 }, arrivals: 2 },
      { action: { kind: 'wait', seconds: 1 }, arrivals: 0 },
      // Asks before the sign-in has ended, and hears of it in the back/forward cache.
      { action: { kind: 'open a tab' }, arrivals: 0 },
      { action: { kind: 'freeze', page: 2 }, arrivals: 0 },
    ]
    // Whatever arrives when.
    const lives = fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      expect(await live(day, { scheduler, hasCache: true })).toMatchObject({ losses: 0 })
    })
    await fc.assert(lives, { numRuns: 200, seed: 42 })
  })

  it('refresh only when the access token is refused, when nothing is lost', async () => {
    const total = await liveMany(quietSteps, { hasCache: false })
    expect(total.refreshes).toBeGreaterThan(numRuns / 2)
    expect(total).toMatchObject({ losses: 0, needless: 0 })
  })
})

describe.each<readonly [string, Lacks]>([
  ['locks', { locks: true }],
  ['a channel', { channel: true }],
  ['storage', { storage: true }],
  ['locks, channel and storage', { locks: true, channel: true, storage: true }],
])('in a browser without %s', { timeout: 0 }, (_, lacks) => {
  it('every caller gets an answer, and every page comes to know the truth', async () => {
    const { losses } = await liveMany(steps, { hasCache: true, lacks }, 0.2)
    expect(losses).toBe(0)
  })
})

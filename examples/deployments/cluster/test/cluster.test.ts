// The cluster of the example, for a moment, with a few users: what `start` shows at length.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isMissing } from '../../../../e2e/src/programs.ts'
import { startCluster } from '../src/cluster.ts'
import type { Cluster } from '../src/cluster.ts'
import { findSurprises } from '../src/expectations.ts'
import { play } from '../src/play.ts'
import { troubles } from '../src/troubles.ts'

const load = { sessions: 3, phase: 300 }
const isSkipped = ['haproxy', 'redis-server'].some(isMissing)

/** Some of them, which need no kills every ten seconds. */
const short = ['SIGTERM of one instance after the other', 'Redis killed, and restarted empty']

describe.skipIf(isSkipped)('three handlers behind HAProxy, with Redis', () => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startCluster()
  }, 120_000)
  afterAll(() => cluster.stop())

  it.each(short)(
    '%s: no session is lost, and every answer is documented',
    async (name) => {
      const trouble = troubles.find((candidate) => candidate.name === name)
      if (trouble === undefined) throw new Error('There is no such trouble.')
      const figures = await play(cluster, trouble, load)
      expect(findSurprises(figures)).toEqual([])
      expect(figures.lost).toBe(0)
      expect(figures.answers['200']).toBeGreaterThan(0)
    },
    120_000,
  )
})

it('a session that is lost without a cause is a surprise, and so is a refresh token that is used twice', () => {
  const figures = {
    trouble: 'none',
    sessions: 2,
    lost: 1,
    slowest_ms: 1,
    unstored: 0,
    used_twice: 1,
    answers: { '200': 1, '500 server_error': 1 },
  }
  expect(findSurprises(figures)).toHaveLength(3)
  const excused = { ...figures, unstored: 1, used_twice: 0, answers: {} }
  expect(findSurprises(excused)).toEqual([])
  expect(findSurprises({ ...excused, trouble: 'with a grace period' })).toHaveLength(1)
})

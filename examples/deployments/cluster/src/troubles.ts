// The troubles: what is done to a cluster while its users go on.
import { NOTICED, wait } from './cluster.ts'
import type { Cluster } from './cluster.ts'

/** What a trouble may say while it happens. */
export interface Report {
  /** All is well again from here on. */
  readonly isOver: () => void
}

export interface Trouble {
  readonly name: string
  readonly cause: (cluster: Cluster, report: Report) => Promise<void>
}

/** How long things stay away (ms). */
const AWAY = 2000

/** From one kill to the next (ms). */
const KILLED_EVERY = 10_000

const KILLS = Number(process.env['KILLS'] ?? 3)

/** Milliseconds after a kill until everything that the process had locked has been asked for again. */
const LOCKED_FOR = 6000

const [first, second] = [
  'the cookie secret of all instances: the first one',
  'the cookie secret of all instances: the next one',
]

async function killOneAfterTheOther({ instances }: Cluster): Promise<void> {
  for (let kill = 0; kill < KILLS; kill++) {
    const start = performance.now()
    const instance = instances[kill % instances.length]
    await instance?.end('SIGKILL')
    await instance?.start()
    if (kill < KILLS - 1) await wait(Math.max(0, KILLED_EVERY - (performance.now() - start)))
  }
  await wait(LOCKED_FOR)
}

/** In the order in which they happen. */
export const troubles: readonly Trouble[] = [
  { name: 'none', cause: () => wait(AWAY) },
  {
    name: 'SIGTERM of one instance after the other',
    async cause({ instances }) {
      for (const { end, start } of instances) {
        await end('SIGTERM')
        await start()
      }
    },
  },
  {
    name: 'SIGSTOP of an instance',
    async cause({ instances: [instance] }, { isOver }) {
      instance?.signal('SIGSTOP')
      await wait(AWAY)
      instance?.signal('SIGCONT')
      isOver()
      await wait(NOTICED)
    },
  },
  {
    name: 'Redis hung',
    async cause({ redis }, { isOver }) {
      redis.signal('SIGSTOP')
      await wait(AWAY)
      redis.signal('SIGCONT')
      isOver()
    },
  },
  {
    name: 'Redis hung for longer',
    async cause({ redis }, { isOver }) {
      redis.signal('SIGSTOP')
      await wait(4 * AWAY)
      redis.signal('SIGCONT')
      isOver()
    },
  },
  {
    name: 'Redis killed, and restarted empty',
    async cause({ redis }, { isOver }) {
      await redis.kill()
      await wait(AWAY)
      await redis.start()
      isOver()
    },
  },
  {
    name: 'a rolling change of cookie secrets',
    async cause({ instances }) {
      for (const secrets of [[first, second], [second, first], [second]]) {
        for (const { changeSecrets } of instances) await changeSecrets(secrets)
        // Meanwhile every user gets cookies under the secret that comes first.
        await wait(AWAY)
      }
      for (const secrets of [[second, first], [first, second], [first]]) {
        for (const { changeSecrets } of instances) await changeSecrets(secrets)
        await wait(AWAY)
      }
    },
  },
  { name: 'SIGKILL of one of three every ten seconds', cause: killOneAfterTheOther },
  {
    name: 'the same, with a grace period of ten seconds',
    async cause(cluster) {
      cluster.tokenEndpoint.setGracePeriod(10_000)
      await killOneAfterTheOther(cluster)
      cluster.tokenEndpoint.setGracePeriod(0)
    },
  },
]

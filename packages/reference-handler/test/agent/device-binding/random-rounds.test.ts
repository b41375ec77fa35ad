// Proofs, refreshes and registrations in whatever order their answers arrive: no session is ever lost.
import { expect, test } from 'vitest'
import type { AgentAnswer } from '../../support/browser.ts'
import { boundName, offered, offerOf, prove, register } from '../../support/device.ts'
import type { Binding, Offer } from '../../support/device.ts'
import { createRandom } from '../../support/random.ts'
import { createWorld, signIn } from '../../support/world.ts'

const ROUNDS = 200

/** Milliseconds after which a browser gives its own requests up. */
const PATIENCE = 20_000

/** An answer that has not arrived yet. */
interface UnderWay {
  readonly by: number
  readonly arrive: () => void
}

/** What happened in a run, to see that everything did. */
interface Story {
  signIns: number
  bound: number
  late: number
  proofs: number
  refreshes: number
  overtaken: number
}

async function play(seed: number): Promise<Story> {
  const random = createRandom(seed)
  const below = (limit: number) => Math.floor(random() * limit)
  const world = await createWorld(offered)
  const { browser, clock } = world
  const story: Story = { signIns: 0, bound: 0, late: 0, proofs: 0, refreshes: 0, overtaken: 0 }
  let offer: Offer | undefined
  let binding: Binding | undefined
  let underWay: readonly UnderWay[] = []

  /** Some of what is under way arrives, in any order; at least what the browser would else give up. */
  function arrive(all = false): void {
    const due = underWay.filter(({ by }) => all || by <= clock.now || random() < 0.4)
    underWay = underWay.filter((answer) => !due.includes(answer))
    for (const answer of due.toSorted(() => random() - 0.5)) answer.arrive()
  }
  function delay(action: () => void): void {
    underWay = [...underWay, { by: clock.now + PATIENCE - 1, arrive: action }]
  }
  const keep = (answer: AgentAnswer) => answer.setCookies.forEach(browser.keep)

  async function registerLater(): Promise<void> {
    if (offer === undefined) return
    const { answer, binding: made } = await register(browser, offer)
    offer = random() < 0.3 ? offer : undefined
    if (made === undefined) story.late += 1
    delay(() => {
      keep(answer)
      if (made === undefined) return
      binding = made
      story.bound += 1
    })
  }

  async function proveNow(): Promise<void> {
    if (binding === undefined) return
    const answer = await prove(browser, binding)
    if (answer.body['continue'] === false) binding = undefined
    else story.proofs += 1
    keep(answer)
  }

  /** As the SDK does: one at a time, and what it asks waits for a proof where the browser has none. */
  async function refresh(): Promise<void> {
    if (!browser.cookies.has(boundName)) await proveNow()
    const tabs = 1 + below(3)
    const answers = await Promise.all(
      Array.from({ length: tabs }, () => browser.send('POST', '/refresh')),
    )
    for (const answer of answers) {
      if (answer.status !== 200) throw new Error(`seed ${seed}: ${answer.status} ${answer.text}`)
      offer = offerOf(answer) ?? offer
      if (underWay.length > 0) story.overtaken += 1
      keep(answer)
    }
    story.refreshes += 1
  }

  async function signInAnew(): Promise<void> {
    arrive(true)
    offer = offerOf(await signIn(world, browser))
    story.signIns += 1
  }

  await signInAnew()
  const acts = [registerLater, registerLater, proveNow, refresh, refresh]
  for (let round = 0; round < ROUNDS; round += 1) {
    await acts[below(acts.length)]?.()
    clock.now += below(4_000)
    arrive()
    if (random() < 0.1) await signInAnew()
    if (random() < 0.15) {
      arrive(true)
      clock.now += below(400_000)
      // As long as nothing has proven lately, the browser has no bound cookie.
      browser.cookies.delete(boundName)
    }
  }
  arrive(true)
  await refresh()
  expect((await browser.get('/session')).body).toMatchObject({ is_logged_in: true })
  return story
}

test.each([1, 2, 3])(
  `${ROUNDS} rounds with rotating refresh tokens lose no session (seed %i)`,
  async (seed) => {
    const story = await play(seed)
    expect(story.signIns).toBeGreaterThan(5)
    expect(story.bound).toBeGreaterThan(5)
    expect(story.late).toBeGreaterThan(5)
    expect(story.proofs).toBeGreaterThan(20)
    expect(story.refreshes).toBeGreaterThan(50)
    expect(story.overtaken).toBeGreaterThan(3)
  },
)

// Asking again until there is an answer.
import { setTimeout as wait } from 'node:timers/promises'

/** Milliseconds: what two browsers, a stack and a build on two cores may need. */
const PATIENCE = 30_000

/**
 * Asks until the answer is not `undefined`. What goes wrong in between is asked again: pages come and go.
 *
 * @throws after half a minute, with what was looked for and what went wrong last
 */
export async function until<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const end = performance.now() + PATIENCE
  for (;;) {
    let problem: unknown
    try {
      const answer = await ask()
      if (answer !== undefined) return answer
    } catch (error) {
      problem = error
    }
    if (performance.now() > end) throw new Error(`Waited in vain: ${what}`, { cause: problem })
    await wait(25)
  }
}

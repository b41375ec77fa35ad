// Answers of the authorization server about access tokens: asked for once at a time, and kept for a while.
import { createExpiringMap } from '../expiring-map.ts'

/** An answer, and for how many milliseconds it may be used: 0 is for whoever waits for it alone. */
export interface Kept<Answer> {
  readonly answer: Answer
  readonly keptFor: number
}

/** Finds the answer about a key; `ask` is called where none is known. */
export type KeptAnswers<Answer> = (key: string, ask: () => Promise<Kept<Answer>>) => Promise<Answer>

const MAX_ANSWERS = 1000

/**
 * Creates an empty memory. Concurrent lookups of a key share one request (single-flight). No answer is used after its
 * time, even if no newer one can be had.
 *
 * @param now - milliseconds since the epoch
 */
export function createKeptAnswers<Answer>(now: () => number): KeptAnswers<Answer> {
  const known = createExpiringMap<Promise<Answer>>(MAX_ANSWERS, now)

  async function find(key: string, ask: () => Promise<Kept<Answer>>): Promise<Answer> {
    try {
      const { answer, keptFor } = await ask()
      limit(key, keptFor)
      return answer
    } catch (error) {
      known.delete(key)
      throw error
    }
  }

  /** Limits the life of an answer that is already known, since concurrent lookups wait for it. */
  function limit(key: string, milliseconds: number): void {
    const answer = known.peek(key)
    if (answer === undefined) return
    // The map still gives away what is exactly as old as it may be.
    const lifetime = milliseconds - 1
    if (lifetime > 0) known.set(key, answer, lifetime)
    else known.delete(key)
  }

  return (key, ask) => {
    const before = known.get(key)
    if (before !== undefined) return before
    const asked = find(key, ask)
    known.set(key, asked)
    return asked
  }
}

// What may come of a trouble, and what is a fault.
import type { Figures } from './play.ts'

/** Answers that are documented; everything else is a surprise. */
const documented = new Set([
  '200',
  '401 session_expired',
  '503 temporarily_unavailable',
  // Of an instance that died or hung while it answered; nothing else is known of it.
  '502 of the load balancer',
  '503 of the load balancer',
  'no answer',
])

/** What must not have happened, in words. */
export function findSurprises(figures: Figures): readonly string[] {
  const { answers, lost, trouble, unstored, used_twice } = figures
  const hasGrace = trouble.includes('grace period')
  const losable = hasGrace ? 0 : unstored
  const undocumented = Object.keys(answers).filter((kind) => !documented.has(kind))
  return [
    ...(lost > losable ? [`${lost} sessions are lost, and ${losable} could not be kept`] : []),
    ...(used_twice > 0 ? [`${used_twice} refresh tokens were used more than once`] : []),
    ...undocumented.map((kind) => `an answer that is not documented: ${kind}`),
  ]
}

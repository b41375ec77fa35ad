// The table of authorization servers and steps, as Markdown, and what of it the handler still owes.
import { drawTable } from '../../docs/src/markdown-table.ts'
import type { ServerKind } from './server-kind.ts'
import { stepIds } from './step-ids.ts'
import type { StepId } from './step-ids.ts'
import { steps } from './steps.ts'

const PASSED = '✓'

/**
 * Draws the table: a row for each step, a column for each server, and below it, by number, why steps
 * were skipped or do not pass. The tests of a server prove each of its cells.
 */
export function drawServerTable(servers: readonly ServerKind[]): string {
  const notes: string[] = []

  function numberOf(note: string): string {
    if (!notes.includes(note)) notes.push(note)
    return `(${notes.indexOf(note) + 1})`
  }

  function describeCell({ traits, skipped, faults }: ServerKind, id: StepId): string {
    const reason = skipped[id]
    const fault = faults[id]
    if (reason !== undefined) return numberOf(`Skipped: ${reason}.`)
    if (fault !== undefined) return `✗ ${numberOf(`Not yet: ${fault.reason}.`)}`
    return steps[id].outcome?.(traits) ?? PASSED
  }

  const head = ['Step', ...servers.map(({ id, name, version }) => `[${name}](${id}.md) ${version}`)]
  const rows = stepIds.map((id) => [
    `${steps[id].title} (\`${id}\`)`,
    ...servers.map((server) => describeCell(server, id)),
  ])
  const list = notes.map((note, index) => `${index + 1}. ${note}`).join('\n')
  return `${drawTable([head, ...rows])}\n\n${list}`
}

// The table of conformance cases and subjects, as Markdown.
import type { CaseOutcome, ConformanceCase } from '@token-handler/conformance'
import { drawTable } from './markdown-table.ts'

/** How the cases went on one subject. */
export interface SubjectColumn {
  /** Heads the column. */
  readonly heading: string
  /** By the case's id. */
  readonly outcomes: ReadonlyMap<string, CaseOutcome>
}

const PASSED = '✓'
const FAILED = '✗'

/** The reason without the subject's name, which heads the column. */
const shorten = (reason: string): string => reason.replace(/^.* lacks: /, 'lacks: ')

/**
 * Draws the table: a row for each case, a column for each subject, and below it the reasons why cases
 * were skipped, by number.
 */
export function drawConformanceTable(
  cases: readonly ConformanceCase[],
  subjects: readonly SubjectColumn[],
): string {
  const reasons: string[] = []

  function numberOf(reason: string): string {
    const short = shorten(reason)
    if (!reasons.includes(short)) reasons.push(short)
    return `(${reasons.indexOf(short) + 1})`
  }

  function mark(outcome: CaseOutcome | undefined): string {
    if (outcome?.status === 'skipped') return numberOf(outcome.reason)
    return outcome?.status === 'passed' ? PASSED : FAILED
  }

  const rows = cases.map(({ id, title, clause }) => [
    `\`${id}\``,
    `${title} (${clause})`,
    ...subjects.map(({ outcomes }) => mark(outcomes.get(id))),
  ])
  const head = [
    'Case',
    'What it shows, and where that comes from',
    ...subjects.map(({ heading }) => heading),
  ]
  const notes = reasons.map((reason, index) => `${index + 1}. ${reason}`).join('\n')
  const total = subjects.map(({ heading, outcomes }) => {
    const all = [...outcomes.values()]
    const passed = all.filter(({ status }) => status === 'passed').length
    return `${heading}: ${passed} of ${cases.length}`
  })
  return `Passed: ${total.join('; ')}. The others were skipped; a number says why, below the table.\n\n${drawTable([head, ...rows])}\n\n${notes}`
}

// Printing results: for people, as TAP, as JSON.
import type { ConformanceCase } from '../index.ts'
import type { ConformanceOptions, Format } from './options.ts'

/** How a case went, as it is told; nothing in it is confidential. */
export interface CaseReport {
  readonly case: ConformanceCase
  readonly status: 'passed' | 'failed' | 'skipped'
  /** Why it failed or was skipped. */
  readonly reason?: string
}

/** Text to print at the beginning, after each case, and at the end. */
export interface Reporter {
  readonly begin: (options: ConformanceOptions) => string
  readonly report: (report: CaseReport, index: number) => string
  readonly end: (options: ConformanceOptions, reports: readonly CaseReport[]) => string
}

/** How many cases passed, failed and were skipped. */
export function summarize(
  reports: readonly CaseReport[],
): Readonly<Record<CaseReport['status'], number>> {
  const count = (status: CaseReport['status']): number =>
    reports.filter((report) => report.status === status).length
  return { passed: count('passed'), failed: count('failed'), skipped: count('skipped') }
}

const marks = { passed: '✓', failed: '✗', skipped: '-' } as const

const human: Reporter = {
  begin: ({ agentUrl, origin, cases }) =>
    `${cases.length} cases for ${agentUrl}, called by ${origin}\n`,
  report: ({ case: { id, title, clause }, status, reason = '' }) => {
    const line = `${marks[status]} ${title}\n`
    if (status === 'failed') return `${line}    ${reason}\n    case ${id}: ${clause}\n`
    return status === 'skipped' ? `${line}    skipped: ${reason}\n` : line
  },
  end: (_options, reports) => {
    const { passed, failed, skipped } = summarize(reports)
    const failures = reports.filter(({ status }) => status === 'failed')
    const list = failures.map(({ case: { id } }) => `  ${id}\n`).join('')
    return `\n${passed} passed, ${failed} failed, ${skipped} skipped\n${list}`
  },
}

/** Backslash and `#` mean something in a TAP description. */
const escape = (text: string): string => text.replaceAll(/[\\#]/g, '\\$&').replaceAll('\n', ' ')

/** @see {@link https://testanything.org/tap-version-14-specification.html TAP version 14} */
const tap: Reporter = {
  begin: ({ cases }) => `TAP version 14\n1..${cases.length}\n`,
  report: ({ case: { id, title, clause }, status, reason = '' }, index) => {
    const line = `${status === 'failed' ? 'not ok' : 'ok'} ${index + 1} - ${escape(`${id}: ${title}`)}`
    if (status === 'skipped') return `${line} # SKIP ${escape(reason)}\n`
    if (status === 'passed') return `${line}\n`
    const [message, from] = [JSON.stringify(reason), JSON.stringify(clause)]
    return `${line}\n  ---\n  message: ${message}\n  clause: ${from}\n  ...\n`
  },
  end: () => '',
}

const json: Reporter = {
  begin: () => '',
  report: () => '',
  end: ({ agentUrl, origin, apiUrl }, reports) => {
    const cases = reports.map(({ case: { id, title, clause }, status, reason }) => ({
      id,
      title,
      clause,
      status,
      reason,
    }))
    const document = { agentUrl, origin, apiUrl, summary: summarize(reports), cases }
    return `${JSON.stringify(document, undefined, 2)}\n`
  },
}

/** The reporter of each format. */
export const reporters: Readonly<Record<Format, Reporter>> = { human, tap, json }

// What the doctor prints: for people, or as JSON.
import { errorPage } from '@token-handler/contract'
import { doctorCodes } from './finding.ts'
import type { Finding, Report } from './finding.ts'

const describe = ({ code, about, cause, mend }: Finding): string =>
  [
    `✗ ${code}: ${doctorCodes[code]}`,
    `    about  ${about}`,
    `    cause  ${cause}`,
    `    mend   ${mend}`,
    `    more   ${errorPage(code)}`,
  ].join('\n')

/** A report for people. */
export function formatReport({ findings, notes }: Report): string {
  const count = findings.length === 1 ? 'One thing is' : `${findings.length} things are`
  const lines = [
    ...findings.map(describe),
    ...notes.map((note) => `· ${note}`),
    findings.length === 0 ? '✓ Nothing is wrong.' : `${count} wrong.`,
  ]
  return lines.join('\n')
}

/** A report as JSON, each finding with the URL of its page. */
export function formatJson({ findings, notes }: Report): string {
  const withPages = findings.map((finding) => ({ ...finding, page: errorPage(finding.code) }))
  return JSON.stringify({ findings: withPages, notes }, undefined, 2)
}

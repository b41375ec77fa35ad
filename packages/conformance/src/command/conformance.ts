// `token-handler conformance`: the conformance suite against a deployed agent.
import { runCase } from '../index.ts'
import type { CaseOutcome, ConformanceCase, Subject } from '../index.ts'
import { createCommandSignIn } from './callback-command.ts'
import { CannotRunError } from './cannot-run.ts'
import { createChromiumSignIn } from './chromium.ts'
import { createDeployedSubject } from './deployed-subject.ts'
import { conformanceHelp } from './help.ts'
import { learn } from './learn.ts'
import { readOptions } from './options.ts'
import type { ConformanceOptions } from './options.ts'
import { reporters, summarize } from './reports.ts'
import type { CaseReport } from './reports.ts'
import { createRedaction } from './secrets.ts'
import type { Redaction } from './secrets.ts'
import type { SignIn } from './sign-in.ts'

/** Where the command speaks with its operator. */
export interface Terminal {
  /** Prints results. */
  readonly print: (text: string) => void
  /** Says what is no result. */
  readonly say: (text: string) => void
  /** Asks yes or no; `undefined` without a terminal. */
  readonly ask: ((question: string) => Promise<boolean>) | undefined
}

/**
 * Runs the suite against a deployed agent.
 *
 * @param args - the arguments after `conformance`
 * @returns the exit code: 0 when no case failed, 1 when one did, 2 when the suite could not be run
 */
export async function conformance(args: readonly string[], terminal: Terminal): Promise<number> {
  const redaction = createRedaction()
  try {
    const options = readOptions(args)
    if (options === 'help') {
      terminal.print(conformanceHelp)
      return 0
    }
    await requireConsent(options, terminal)
    const reports = await withSignIn(options, (signIn) =>
      runSuite(options, signIn, redaction, terminal),
    )
    return summarize(reports).failed === 0 ? 0 : 1
  } catch (error) {
    if (!(error instanceof CannotRunError)) throw error
    terminal.say(redaction.redact(error.message))
    return 2
  }
}

async function requireConsent(options: ConformanceOptions, { ask, say }: Terminal): Promise<void> {
  if (options.yes) return
  say(
    `This signs in and out at ${options.agentUrl} about as often as there are cases, and sends requests that the agent has to refuse. Sessions and tokens of the user it signs in with may end, and limits and alarms may speak.`,
  )
  if (ask === undefined)
    throw new CannotRunError('There is no terminal to confirm this: add --yes to go on.')
  if (!(await ask('Go on?'))) throw new CannotRunError('Nothing was done.')
}

async function withSignIn<T>(
  { signIn: method, origin }: ConformanceOptions,
  use: (signIn: SignIn | undefined) => Promise<T>,
): Promise<T> {
  if (method === undefined) return await use(undefined)
  const signIn =
    method.kind === 'command'
      ? createCommandSignIn(method.command, origin)
      : await createChromiumSignIn({ ...method, origin })
  try {
    return await use(signIn)
  } finally {
    await signIn.close()
  }
}

async function runSuite(
  options: ConformanceOptions,
  signIn: SignIn | undefined,
  redaction: Redaction,
  { print }: Terminal,
): Promise<readonly CaseReport[]> {
  const stranger = createDeployedSubject(options, signIn, redaction)
  const learned = signIn === undefined ? undefined : await learn(stranger)
  const subject: Subject = createDeployedSubject(options, signIn, redaction, learned)
  const reporter = reporters[options.format]
  print(reporter.begin(options))
  const reports: CaseReport[] = []
  for (const [index, conformanceCase] of options.cases.entries()) {
    const outcome = await runCase(conformanceCase, subject, { signOutAfterwards: true })
    // The way to sign in has failed, not the agent; it would fail, slowly, in all cases that follow.
    if (outcome.status === 'failed' && outcome.cause instanceof CannotRunError) throw outcome.cause
    const report = toReport(conformanceCase, outcome, redaction)
    reports.push(report)
    print(reporter.report(report, index))
  }
  print(reporter.end(options, reports))
  return reports
}

function toReport(
  conformanceCase: ConformanceCase,
  outcome: CaseOutcome,
  { redact }: Redaction,
): CaseReport {
  const { status } = outcome
  if (outcome.status === 'passed') return { case: conformanceCase, status }
  const reason = outcome.status === 'failed' ? outcome.message : outcome.reason
  return { case: conformanceCase, status, reason: redact(reason) }
}

// Running `token-handler conformance` in a test, against a local stack.
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, expect } from 'vitest'
import { conformance } from '../../../conformance/src/command/conformance.ts'
import type { Terminal } from '../../../conformance/src/command/conformance.ts'
import { startLocalStack } from '../../src/index.ts'
import type { LocalStack } from '../../src/index.ts'
import { freePorts } from '../local-stack-fixture.ts'

const script = fileURLToPath(new URL('print-callback.ts', import.meta.url))

/** A shell command that runs JavaScript. */
export const nodeCommand = (...args: readonly string[]): string =>
  [process.execPath, ...args].map((arg) => `"${arg}"`).join(' ')

/** Signs in at the local stack. */
const printCallback = nodeCommand('--conditions=@token-handler/source', script)

/** The options that choose cases. */
export const cases = (...ids: readonly string[]): readonly string[] =>
  ids.flatMap((id) => ['--case', id])

/** Some that pass, and one that is skipped. */
export const someCases = cases(
  'login-end-signs-in',
  'api-call-through-the-proxy',
  'authorization-error-is-relayed',
  'session-after-key-rotation',
)

/** To be called once in a test file: a stack for all of its tests, and the command. */
export function useConformanceCommand() {
  let stack: LocalStack

  beforeAll(async () => {
    stack = await startLocalStack({ ports: freePorts, consent: false, log: { level: 'error' } })
  })
  afterAll(() => stack.stop())
  beforeEach(() => stack.resetAgentCalls())

  /** The arguments for an agent, by default the stack's. */
  const against = (agentUrl = stack.urls.agent): readonly string[] => [
    agentUrl,
    '--origin',
    stack.urls.spa,
    '--callback-command',
    printCallback,
  ]

  /** Runs the command and requires that it prints nothing confidential. */
  async function run(args: readonly string[], answer?: boolean) {
    const output = { printed: '', said: '', asked: 0 }
    const ask = async (): Promise<boolean> => {
      output.asked += 1
      return answer === true
    }
    const terminal: Terminal = {
      print: (text) => (output.printed += text),
      say: (text) => (output.said += text),
      ask: answer === undefined ? undefined : ask,
    }
    const code = await conformance(args, terminal)
    const secrets = [...stack.issuedSecrets()].filter((secret) => secret.length > 8)
    const everything = output.printed + output.said
    expect(secrets.filter((secret) => everything.includes(secret))).toEqual([])
    return { code, ...output }
  }

  return { stack: () => stack, against, run }
}

// Entry `./command`: the conformance suite as a command, for `token-handler conformance` and for its own bin.
import { conformance } from './conformance.ts'
import { createTerminal } from './terminal.ts'

/**
 * Runs the conformance suite against a deployed agent, as the command line says, and prints the results.
 *
 * @param args - the arguments after the command's name; see `--help`
 * @returns the exit code: 0 when no case failed, 1 when one did, 2 when the suite could not be run
 *
 * @example
 * process.exitCode = await runConformance(['https://api.example.com/oauth-agent', '--origin', 'https://www.example.com'])
 */
export function runConformance(args: readonly string[]): Promise<number> {
  return conformance(args, createTerminal())
}

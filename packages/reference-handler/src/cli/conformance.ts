// `token-handler conformance`: the suite is a package of its own, loaded on demand, so that a production
// install carries no test tool.
const MISSING =
  'token-handler conformance needs the package @token-handler/conformance. Install it beside the handler: npm install --save-dev @token-handler/conformance'

type LoadCommand = () => Promise<{
  readonly runConformance: (args: readonly string[]) => Promise<number>
}>

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND'

/**
 * Runs the conformance suite against a deployed agent.
 *
 * @param args - the arguments after `conformance`
 * @param load - imports the suite's command
 * @returns the exit code: 0 when no case failed, 1 when one did, 2 when the suite could not be run, be it
 *   because it is not installed
 */
export async function conformance(
  args: readonly string[],
  // oxlint-disable-next-line no-restricted-imports -- on demand, and only here
  load: LoadCommand = () => import('@token-handler/conformance/command'),
): Promise<number> {
  try {
    const { runConformance } = await load()
    return await runConformance(args)
  } catch (error) {
    if (!isMissing(error)) throw error
    console.error(MISSING)
    return 2
  }
}

// `token-handler conformance`: the suite is a package of its own, loaded on demand, so that a production
// install carries no test tool.
const MISSING =
  'token-handler conformance needs the package @token-handler/conformance, installed beside the handler: npm install --save-dev @token-handler/conformance'

type LoadCommand = () => Promise<{
  readonly runConformance: (args: readonly string[]) => Promise<number>
}>

// The message is the only part of Node's error that names the package.
const isMissing = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  error.code === 'ERR_MODULE_NOT_FOUND' &&
  error.message.startsWith("Cannot find package '@token-handler/conformance'")

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
  const command = await load().catch((error: unknown) => {
    if (!isMissing(error)) throw error
  })
  if (command !== undefined) return command.runConformance(args)
  console.error(MISSING)
  return 2
}

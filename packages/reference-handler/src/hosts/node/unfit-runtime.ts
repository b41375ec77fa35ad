// A clear word for a runtime that cannot serve, before a dependency fails with an unclear one. Imports nothing.

/** The oldest Node that runs this, as `engines` in package.json says. */
const OLDEST = [22, 21] as const

/**
 * Says that a Node is too old, if it is.
 *
 * @param version - such as `process.versions.node`
 */
export function explainOldNode(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [oldestMajor, oldestMinor] = OLDEST
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return undefined
  return `token-handler needs Node ${OLDEST.join('.')} or newer, and this is Node ${version}. Install a newer one from https://nodejs.org, or run it with: npx --package node@24 --package @token-handler/reference-handler token-handler …`
}

/**
 * Says what keeps a runtime from serving, if anything does. Bun has an undici of its own, without what forwards requests,
 * so every call of an API would fail.
 *
 * @param versions - such as `process.versions`
 */
export function explainUnfitRuntime(versions: {
  readonly node: string
  readonly bun?: string | undefined
}): string | undefined {
  if (versions.bun !== undefined) {
    return `token-handler's Fastify server cannot forward requests on Bun, and this is Bun ${versions.bun}. Serve with createBunHandler of @token-handler/reference-handler/worker (docs/worker.md), or run this with Node ${OLDEST.join('.')} or newer.`
  }
  return explainOldNode(versions.node)
}

/**
 * Requires a runtime that can serve.
 *
 * @throws {Error} with the cause and the mend
 */
export function requireFitRuntime(
  versions: Parameters<typeof explainUnfitRuntime>[0] = process.versions,
): void {
  const problem = explainUnfitRuntime(versions)
  if (problem !== undefined) throw new Error(problem)
}

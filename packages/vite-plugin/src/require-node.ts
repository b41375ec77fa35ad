// A clear word for a Node that is too old, before a dependency fails with an unclear one.

/** The oldest Node that runs the handler, as `engines` in package.json says. */
const OLDEST = [22, 21] as const

/**
 * Requires a Node that is new enough.
 *
 * @param version - such as `process.versions.node`
 * @throws when it is too old
 */
export function requireNode(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [oldestMajor, oldestMinor] = OLDEST
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return
  throw new Error(
    `@token-handler/vite-plugin needs Node ${OLDEST.join('.')} or newer, and this is Node ${version}. Install a newer one from https://nodejs.org.`,
  )
}

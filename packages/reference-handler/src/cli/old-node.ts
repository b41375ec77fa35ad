// A clear word for a Node that is too old, before a dependency fails with an unclear one.

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

// The Fastify host where it cannot serve stops as it starts, and says why and what to do.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findBinary, isMissing } from '../src/binaries.ts'

const hosts = join(import.meta.dirname, '..')
const command = join(hosts, '../packages/reference-handler/src/cli/main.ts')

/** Runs Bun where the packages are; their sources, so that nothing has to be built. */
function runBun(...args: string[]) {
  const conditions = '--conditions=@token-handler/source'
  return spawnSync(findBinary('bun') ?? 'bun', [conditions, ...args], {
    cwd: hosts,
    encoding: 'utf8',
  })
}

describe.skipIf(isMissing('bun'))('on Bun', () => {
  it('the command stops before it serves', () => {
    const { status, stderr } = runBun(command, 'serve')
    expect(stderr).toMatch(
      /cannot forward requests on Bun, and this is Bun [\d.]+\. Serve with createBun/,
    )
    expect(status).toBe(1)
  })

  it('a program that imports the host stops at the import', () => {
    const program = "import '@token-handler/reference-handler/fastify'; console.log('loaded')"
    const { status, stderr, stdout } = runBun('-e', program)
    expect(stderr).toContain('cannot forward requests on Bun')
    expect(stdout).toBe('')
    expect(status).not.toBe(0)
  })
})

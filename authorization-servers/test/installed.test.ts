// A server that is not on this machine is named, with what to install.
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import { areProgramsRequired, findObstacle } from '../src/installed.ts'

const here = fileURLToPath(import.meta.url)

test('a missing file is named with the packages that bring it', () => {
  const requirement = { files: [here, '/nowhere/at-all'], packages: ['one', 'two'] }
  expect(findObstacle(requirement)).toBe(
    '/nowhere/at-all is missing; install it with: apt-get install one two',
  )
  expect(findObstacle({ files: [here], packages: ['one'] })).toBeUndefined()
})

test('REQUIRE_PROGRAMS makes a missing server a failure', () => {
  vi.stubEnv('REQUIRE_PROGRAMS', '1')
  expect(areProgramsRequired()).toBe(true)
  vi.stubEnv('REQUIRE_PROGRAMS', '')
  expect(areProgramsRequired()).toBe(false)
  vi.unstubAllEnvs()
})

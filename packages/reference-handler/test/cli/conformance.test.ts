// `token-handler conformance` where the suite is installed, and where it is not.
import { afterEach, expect, it, vi } from 'vitest'
import { conformance } from '../../src/cli/conformance.ts'

const printError = vi.spyOn(console, 'error').mockImplementation(() => {})
afterEach(() => {
  vi.clearAllMocks()
})

it('passes its arguments on, and its exit code back', async () => {
  const runConformance = vi.fn(async () => 1)
  expect(await conformance(['https://api.example/agent'], async () => ({ runConformance }))).toBe(1)
  expect(runConformance).toHaveBeenCalledWith(['https://api.example/agent'])
})

/** What Node rejects with when it finds no package of this name. */
const notFound = (name: string) =>
  Object.assign(new Error(`Cannot find package '${name}' imported from /app/main.js`), {
    code: 'ERR_MODULE_NOT_FOUND',
  })

it('names the package to install when the suite is not there', async () => {
  const load = () => Promise.reject(notFound('@token-handler/conformance'))
  expect(await conformance([], load)).toBe(2)
  expect(String(printError.mock.lastCall)).toContain(
    'npm install --save-dev @token-handler/conformance',
  )
})

it('does not take a package that the suite needs for the suite itself', async () => {
  const load = () => Promise.reject(notFound('zod'))
  await expect(conformance([], load)).rejects.toThrow("'zod'")
})

it('does not take a package that is missing while the suite runs for the suite itself', async () => {
  const runConformance = () => Promise.reject(notFound('playwright-core'))
  await expect(conformance([], async () => ({ runConformance }))).rejects.toThrow('playwright-core')
})

it('hides no other error', async () => {
  const broken = async () => {
    throw new SyntaxError('broken')
  }
  await expect(conformance([], broken)).rejects.toThrow('broken')
})

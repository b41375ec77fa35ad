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

it('names the package to install when the suite is not there', async () => {
  const load = () =>
    Promise.reject(Object.assign(new Error('none'), { code: 'ERR_MODULE_NOT_FOUND' }))
  expect(await conformance([], load)).toBe(2)
  expect(String(printError.mock.lastCall)).toContain(
    'npm install --save-dev @token-handler/conformance',
  )
})

it('hides no other error', async () => {
  const broken = async () => {
    throw new SyntaxError('broken')
  }
  await expect(conformance([], broken)).rejects.toThrow('broken')
})

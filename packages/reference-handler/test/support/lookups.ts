// Knowing when the refresh coordinator has looked up a refresh token, which it does by HMAC.
import { expect, onTestFinished, vi } from 'vitest'

/** What happens by itself may take as long as a test may. */
const PATIENCE = { timeout: 5000 }

/** Watches lookups until the test ends; resolves once there were so many, and their effect is there. */
export function watchLookups(): (count: number) => Promise<void> {
  const sign = vi.spyOn(crypto.subtle, 'sign')
  onTestFinished(() => {
    sign.mockRestore()
  })
  return async (count) => {
    await vi.waitFor(() => {
      const done = sign.mock.settledResults.filter(
        ({ type }, index) => type === 'fulfilled' && sign.mock.calls[index]?.[0] === 'HMAC',
      )
      expect(done).toHaveLength(count)
    }, PATIENCE)
    await new Promise(setImmediate)
  }
}

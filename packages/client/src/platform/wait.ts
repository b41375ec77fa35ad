// Waiting.
import type { Platform } from './platform.ts'

/** Resolves after so many milliseconds. */
export function wait(platform: Platform, delay: number): Promise<unknown> {
  return new Promise((resolve) => {
    platform.timeout(delay).addEventListener('abort', resolve)
  })
}

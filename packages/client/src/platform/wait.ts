// Waiting.
import type { ClientPlatform } from './lifetime.ts'

/** Resolves after so many milliseconds, or when the client is disposed. */
export function wait(platform: ClientPlatform, delay: number): Promise<void> {
  return new Promise((resolve) => {
    if (platform.isDisposed()) return resolve()
    const finish = platform.atEnd(resolve)
    platform.setTimer(delay, finish)
  })
}

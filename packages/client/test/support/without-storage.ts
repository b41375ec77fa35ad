// A browser whose user blocks cookies, and with them storage: writing does nothing, and nothing is there.
import type { KeyValueStore, Platform } from '../../src/platform/platform.ts'

const nothing: KeyValueStore = { get: () => undefined, set: () => {}, remove: () => {} }

export const withoutStorage = (platform: Platform): Platform => ({
  ...platform,
  localStorage: nothing,
  sessionStorage: nothing,
  requestLock: () => undefined,
  openChannel: () => undefined,
})

// Leaving the page, which takes a while: until then nothing else may start a navigation.
import type { Platform } from '../platform/platform.ts'

/** The way out of this page. */
export interface Navigation {
  /** Leaves for a URL. The promise stays pending. */
  readonly leaveFor: (url: string, isReplacing?: boolean) => Promise<never>
  /** The departure under way, if there is one. */
  readonly departure: () => Promise<never> | undefined
  /** The page came back from the back/forward cache: there is no departure any more. */
  readonly arrive: () => void
}

/** For one page. */
export function createNavigation(platform: Platform): Navigation {
  let departure: Promise<never> | undefined
  return {
    leaveFor(url, isReplacing = false) {
      platform.navigate(url, isReplacing)
      departure = new Promise<never>(() => {})
      return departure
    },
    departure: () => departure,
    arrive() {
      departure = undefined
    },
  }
}

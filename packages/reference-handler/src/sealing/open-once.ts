// Opening each cookie of a request once, however many steps of its operation ask for it.
import type { CookieRole } from '@token-handler/contract'
import type { Sealer } from './sealer.ts'

/** A sealer for the time of one request: what it has opened is forgotten with it. */
export function openOnce(sealer: Sealer): Sealer {
  const opened: {
    readonly role: CookieRole
    readonly sealed: string
    readonly content: Promise<unknown>
  }[] = []
  // Asked as methods: a sealer may be a class.
  return {
    seal: (role, content) => sealer.seal(role, content),
    open(role, sealed) {
      const known = opened.find((one) => one.role === role && one.sealed === sealed)
      if (known !== undefined) return known.content
      const content = sealer.open(role, sealed)
      opened.push({ role, sealed, content })
      return content
    },
    ...(sealer.retire !== undefined && {
      retire: async (role, sealed, keptFor) => await sealer.retire?.(role, sealed, keptFor),
    }),
  }
}

// Remembers across page loads who was signed in last: a salted hash, to tell another user, and no more.
import { hash } from '../hash.ts'
import type { Platform } from '../platform/platform.ts'

/** The user that this browser knew last. */
export interface LastUser {
  /** Whether a user is another one than the last one when this page was loaded. */
  readonly isOther: (identity: string) => boolean
  /** Whether a page of this browser, maybe this one, has met another user since. */
  readonly isReplaced: (identity: string) => boolean
  /** A page that is only prerendered leaves no trace: it remembers when it is activated, unless it is too late then. */
  readonly remember: (identity: string) => void
}

/**
 * Remembers in storage, as the salt and the hash. One in four billion other users would be taken for the last one: so
 * few bits fit many subject identifiers, and the salt differs between browsers, so that the value names nobody, and
 * tracks nobody. It confirms a guess, as the data of a shared browser does anyway.
 *
 * @param key - the same for all pages of this app
 */
export function createLastUser(
  {
    localStorage: storage,
    random,
    whenActivated,
  }: Pick<Platform, 'localStorage' | 'random' | 'whenActivated'>,
  key: string,
): LastUser {
  // Read once: another copy of the SDK on this page may be the first to meet the next user.
  const before = storage.get(key)
  /** What this page has left there when it met its user. */
  let seen = before

  const saltOf = (stored: string | undefined) => stored?.split('.')[0]
  const encode = (salt: string, identity: string) => `${salt}.${hash(salt + identity)}`

  // What cannot be read is of another user: rather a cache too many is emptied than one too few.
  const differs = (stored: string | undefined, identity: string) =>
    stored !== undefined && encode(saltOf(stored) ?? '', identity) !== stored

  return {
    isOther: (identity) => differs(before, identity),
    isReplaced(identity) {
      const stored = storage.get(key)
      return stored !== seen && differs(stored, identity)
    },
    remember(identity) {
      seen = storage.get(key)
      const write = () => {
        const stored = storage.get(key)
        // A page that was shown meanwhile has met another user.
        if (stored !== seen) return
        const next = encode(saltOf(stored) ?? random().toString(36).slice(2), identity)
        if (next !== stored) storage.set(key, next)
        // It may be full.
        seen = storage.get(key)
      }
      const activation = whenActivated()
      if (activation) void activation.then(write)
      else write()
    },
  }
}

// What `token-handler headers` prints: the request headers that no client may send to an API.
import { removedFamilies, removedNames } from '../proxy/removed-headers.ts'

/** For gateways that remove them by their own configuration; `_` in a name counts as `-`. */
export const removedRequestHeaders = (): object => ({
  names: removedNames,
  /** A name, and all that begin with it and `-`. */
  families: removedFamilies,
})

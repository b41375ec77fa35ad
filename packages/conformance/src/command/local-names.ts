// Resolving `*.localhost`, which browsers do by themselves and Node's resolver may not.
import { lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'

const LOCAL_NAME = /^(?:.+\.)?localhost$/i

/**
 * Looks up `localhost` and every name below it as this machine, and all others as usual.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6761#section-6.3 RFC 6761 section 6.3}
 */
export const lookupLocalNames: LookupFunction = (hostname, options, callback) =>
  lookup(LOCAL_NAME.test(hostname) ? '127.0.0.1' : hostname, options, callback)

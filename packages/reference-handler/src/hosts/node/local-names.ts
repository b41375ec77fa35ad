// Resolving `localhost` and `*.localhost`, which browsers do by themselves and Node may not.
import { lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'

const isLocalName = (hostname: string) => /^(?:.+\.)?localhost$/i.test(hostname)

/**
 * Resolves `localhost` and every name below it to this machine, and all others as usual. To be used
 * as `connect.lookup` of an undici `Agent`.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6761#section-6.3 RFC 6761 section 6.3}
 */
export const lookupHost: LookupFunction = (hostname, options, callback) => {
  if (!isLocalName(hostname)) lookup(hostname, options, callback)
  else if (options.all) callback(null, [{ address: '127.0.0.1', family: 4 }])
  else callback(null, '127.0.0.1', 4)
}

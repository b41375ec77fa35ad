// Resolving `localhost` and every name below it to this machine, as browsers do.
import { lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'

const isLocalName = (hostname: string): boolean => /^.+\.localhost$/i.test(hostname)

/** To be used as `lookup` of a request; `localhost` itself is left to the system, which may know it as ::1 alone. */
export const lookupHost: LookupFunction = (hostname, options, callback) => {
  if (!isLocalName(hostname)) lookup(hostname, options, callback)
  else if (options.all) callback(null, [{ address: '127.0.0.1', family: 4 }])
  else callback(null, '127.0.0.1', 4)
}

// How often one client address may ask: a token bucket for each, in bounded memory.
import { createExpiringMap } from '../expiring-map.ts'

/**
 * Takes one request of a client out of its allowance. Returns `undefined` when it may go on, and
 * otherwise the whole seconds after which it may try again.
 *
 * @param address - the client's IP address
 */
export type RateLimiter = (address: string) => number | undefined

interface Bucket {
  readonly tokens: number
  readonly at: number
}

/** A client with more addresses than this evades a limit per address anyway. */
const MAX_BUCKETS = 10_000

/**
 * Creates a limiter. A client may use a whole minute's allowance at once, and gets it back evenly.
 *
 * @param perMinute - requests
 * @param now - milliseconds since the epoch
 */
export function createRateLimiter(perMinute: number, now: () => number): RateLimiter {
  const buckets = createExpiringMap<Bucket>(MAX_BUCKETS, now)
  const perMillisecond = perMinute / 60_000

  return (address) => {
    const key = networkOf(address)
    const at = now()
    const known = buckets.get(key) ?? { tokens: perMinute, at }
    const refilled = known.tokens + Math.max(0, at - known.at) * perMillisecond
    const tokens = Math.min(perMinute, refilled)
    if (tokens < 1) {
      buckets.set(key, { tokens, at })
      return Math.ceil((1 - tokens) / perMillisecond / 1000)
    }
    buckets.set(key, { tokens: tokens - 1, at })
    return undefined
  }
}

/** IPv6 addresses count by their /64 network: one customer has 2^64 of them. IPv4 may come as mapped IPv6. */
export function networkOf(address: string): string {
  const ipv4 = /^::ffff:([\d.]+)$/i.exec(address)?.[1]
  if (ipv4 !== undefined) return ipv4
  if (!address.includes(':')) return address
  const [head = '', tail = ''] = address.split('::')
  const left = splitGroups(head)
  const right = splitGroups(tail)
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0')
  return [...left, ...zeros, ...right].slice(0, 4).join(':')
}

const splitGroups = (part: string) => (part === '' ? [] : part.split(':'))

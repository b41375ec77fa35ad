// What is known about a client beyond doubt: from its connection, or from a proxy that we trust.
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import type { ClientConnection } from '../../proxy/headers.ts'
import { createAddressCheck } from './address-list.ts'

/** Reads what is known about the client of a request. */
export type ConnectionReader = (request: IncomingMessage) => ClientConnection

/**
 * Creates the reader. `X-Forwarded-For` and `X-Forwarded-Proto` count only when the connection comes
 * from a trusted proxy; the address is the last one of the list that is not a trusted proxy itself,
 * because everything before it was written by an untrusted party.
 *
 * @param trustedProxies - IP addresses and subnets such as `10.0.0.0/8`
 */
export function createConnectionReader(trustedProxies: readonly string[]): ConnectionReader {
  const isTrusted = createAddressCheck(trustedProxies)

  return ({ headers, socket }) => {
    const protocol = 'encrypted' in socket ? 'https' : 'http'
    const { remoteAddress } = socket
    if (trustedProxies.length === 0 || !isTrusted(remoteAddress)) {
      return { address: remoteAddress, protocol }
    }
    const forwardedFor = listItems(headers['x-forwarded-for']).map(withoutPort)
    const forwardedProto = listItems(headers['x-forwarded-proto']).at(-1)
    const firstTrusted = forwardedFor.findLastIndex((address) => !isTrusted(address)) + 1
    const client = forwardedFor[firstTrusted - 1] ?? forwardedFor[0]
    return {
      address: client !== undefined && isIP(client) !== 0 ? client : remoteAddress,
      protocol: forwardedProto === 'https' || forwardedProto === 'http' ? forwardedProto : protocol,
    }
  }
}

const listItems = (header: string | string[] | undefined): readonly string[] =>
  [header ?? []]
    .flat()
    .flatMap((line) => line.split(','))
    .map((item) => item.trim())

/** Some gateways add the port: `192.0.2.4:5678`, or `[2001:db8::1]:5678`. */
function withoutPort(item: string): string {
  const [, ipv4, ipv6 = ''] = /^(?:([\d.]+):\d+|\[([^\]]+)\](?::\d+)?)$/.exec(item) ?? []
  return ipv4 ?? (isIP(ipv6) === 6 ? ipv6 : item)
}

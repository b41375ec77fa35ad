// A list of IP addresses and subnets.
import { BlockList, isIP } from 'node:net'

/** Whether an address is on a list; anything else is not. */
export type AddressCheck = (address: string | undefined) => address is string

/**
 * Creates the check.
 *
 * @param networks - IP addresses and subnets such as `10.0.0.0/8`
 */
export function createAddressCheck(networks: readonly string[]): AddressCheck {
  const listed = new BlockList()
  for (const network of networks) {
    const [address = '', prefix] = network.split('/')
    const family = familyOf(address)
    if (prefix === undefined) listed.addAddress(address, family)
    else listed.addSubnet(address, Number(prefix), family)
  }
  return (address): address is string =>
    address !== undefined && isIP(address) !== 0 && listed.check(address, familyOf(address))
}

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4')

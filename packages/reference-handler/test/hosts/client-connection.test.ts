// What is believed about a client: its address and its protocol, with and without trusted proxies.
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { createConnectionReader } from '../../src/hosts/node/client-connection.ts'

/** A request over a connection from an address. */
function requestFrom(remoteAddress: string, headers: Readonly<Record<string, string>>) {
  const socket = new Socket()
  Object.defineProperty(socket, 'remoteAddress', { value: remoteAddress })
  return Object.assign(new IncomingMessage(socket), { headers })
}

const trusted = ['10.0.0.0/8', '192.0.2.7', 'fd00::/8']
const read = (
  remoteAddress: string,
  headers: Readonly<Record<string, string>> = {},
  list = trusted,
) => createConnectionReader(list)(requestFrom(remoteAddress, headers))

describe('what is known about a client', () => {
  it('is what the connection says, whatever the client claims', () => {
    const headers = { 'x-forwarded-for': '198.51.100.1', 'x-forwarded-proto': 'https' }
    const expected = { address: '203.0.113.5', protocol: 'http' }
    expect(read('203.0.113.5', headers)).toEqual(expected)
    expect(read('203.0.113.5', headers, [])).toEqual(expected)
  })

  it.each(['10.1.2.3', '192.0.2.7', 'fd00::1', '::ffff:10.1.2.3'])(
    'is what the trusted proxy %s says',
    (proxy) => {
      const headers = { 'x-forwarded-for': '198.51.100.1', 'x-forwarded-proto': 'https' }
      expect(read(proxy, headers)).toEqual({ address: '198.51.100.1', protocol: 'https' })
    },
  )

  it.each([
    ['198.51.100.66, 198.51.100.1', '198.51.100.1'],
    ['198.51.100.66, 198.51.100.1, 10.9.9.9,fd00::2', '198.51.100.1'],
    ['198.51.100.66, 2001:db8::1', '2001:db8::1'],
    ['10.9.9.9', '10.9.9.9'],
    ['198.51.100.1, unknown', '10.1.2.3'],
    ['198.51.100.1, "198.51.100.66:80"', '10.1.2.3'],
    ['198.51.100.66, 198.51.100.1:5678', '198.51.100.1'],
    ['198.51.100.1:5678, 10.9.9.9:80, [fd00::2]:80', '198.51.100.1'],
    ['198.51.100.66, [2001:db8::1]:5678', '2001:db8::1'],
    ['198.51.100.66, [2001:db8::1]', '2001:db8::1'],
    ['2001:db8::1:5678', '2001:db8::1:5678'],
    ['198.51.100.1:', '10.1.2.3'],
    ['198.51.100.1:http', '10.1.2.3'],
    ['[198.51.100.1]:80', '10.1.2.3'],
    ['[2001:db8::1]5678', '10.1.2.3'],
    ['unknown:80', '10.1.2.3'],
    ['', '10.1.2.3'],
  ])('is the last address of %j that no trusted proxy has, and never a guess', (list, address) => {
    expect(read('10.1.2.3', { 'x-forwarded-for': list }).address).toBe(address)
  })

  it.each([
    ['https', 'https'],
    ['http', 'http'],
    ['https, http', 'http'],
    ['ftp', 'http'],
    ['', 'http'],
  ])('has of the protocols %j the one %s', (list, protocol) => {
    expect(read('10.1.2.3', { 'x-forwarded-proto': list }).protocol).toBe(protocol)
  })

  it('is the connection where the trusted proxy says nothing', () => {
    expect(read('10.1.2.3')).toEqual({ address: '10.1.2.3', protocol: 'http' })
  })
})

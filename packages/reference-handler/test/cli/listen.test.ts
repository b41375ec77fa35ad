// What an operator reads when the server cannot listen where it should.
import { fastify } from 'fastify'
import { describe, expect, it } from 'vitest'
import { ConfigurationError } from '../../src/configuration/configuration-error.ts'
import { explain, listen } from '../../src/cli/listen.ts'

const place = { host: '127.0.0.1', port: 80, metricsPort: 81 }
const failure = (code: string, port: number) => Object.assign(new Error(code), { code, port })

describe('a server that cannot listen where it should', () => {
  it.each(['192.0.2.1', 'no-such-host.invalid'])('names the host %s', async (host) => {
    const server = fastify()
    const listening = listen(server, { host, port: 0, metricsPort: undefined })
    await expect(listening).rejects.toThrow(
      'server.host (TOKEN_HANDLER_HOST) is no address of this machine; choose one',
    )
    await expect(listening).rejects.toBeInstanceOf(ConfigurationError)
    await server.close()
  })

  it.each([
    ['server.port (TOKEN_HANDLER_PORT)', 80],
    ['server.metricsPort (TOKEN_HANDLER_METRICS_PORT)', 81],
  ])('names %s, which takes more rights than it has', (setting, port) => {
    expect(explain(failure('EACCES', port), place)?.message).toContain(
      `${setting} may not be used by this user; choose a port above 1023`,
    )
  })

  it.each([failure('EMFILE', 80), new Error('anything'), 'anything'])(
    'blames no setting for %s',
    (error) => {
      expect(explain(error, place)).toBeUndefined()
    },
  )
})

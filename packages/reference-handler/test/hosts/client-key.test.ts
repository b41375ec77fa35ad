// A private key that cannot sign is found before the server listens, not when the first user signs in.
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { parseConfiguration } from '../../src/configuration/parse.ts'
import { parseTenants } from '../../src/configuration/tenants.ts'
import { createServer } from '../../src/hosts/fastify/create-server.ts'
import { createTenantServer } from '../../src/hosts/fastify/create-tenant-server.ts'
import { createLogger } from '../../src/hosts/node/logger.ts'
import { validInput } from '../configuration/valid-configuration.ts'

const logger = createLogger('silent')
const { secret: _unused, ...withoutSecret } = validInput.client

const newKey = (namedCurve = 'P-256') =>
  generateKeyPairSync('ec', { namedCurve }).privateKey.export({ format: 'jwk' })
const newRsaKey = (modulusLength: number) =>
  generateKeyPairSync('rsa', { modulusLength }).privateKey.export({ format: 'jwk' })

const [key, other, rsaKey] = [newKey(), newKey(), newRsaKey(2048)]

/** A configuration whose client signs with this key. */
const signedBy = (privateKey: object) => ({
  ...validInput,
  client: { ...withoutSecret, authentication: 'private_key_jwt', privateKey },
})

/** Starts a server as far as it goes without taking a port. */
async function start(privateKey: object): Promise<void> {
  const server = createServer(parseConfiguration(signedBy(privateKey)), { logger })
  try {
    await server.ready()
  } finally {
    await server.close()
  }
}

describe('a server whose client signs', () => {
  it.each([
    ['an EC key', { ...key, alg: 'ES256' }],
    ['an RSA key', { ...rsaKey, alg: 'PS256' }],
    ['a key that says what it is for', { ...key, alg: 'ES256', use: 'sig', key_ops: ['sign'] }],
  ])('starts with %s', async (_title, privateKey) => {
    await expect(start(privateKey)).resolves.toBeUndefined()
  })

  it.each([
    ['a number that is none', { ...key, alg: 'ES256', d: 'x' }],
    ['no public members', { kty: 'EC', crv: 'P-256', d: key.d, alg: 'ES256' }],
    ['the public members of another key', { ...key, alg: 'ES256', d: other.d }],
    ['the algorithm of another curve', { ...key, alg: 'ES384' }],
    ['the algorithm of another type', { ...key, alg: 'RS256' }],
    ['an RSA key without its factors', { ...rsaKey, alg: 'RS256', p: undefined, q: undefined }],
    ['an RSA key that is too short', { ...newRsaKey(1024), alg: 'RS256' }],
    ['a key that is for something else', { ...key, alg: 'ES256', key_ops: ['verify'] }],
  ])('does not start with %s, and says what to mend', async (_title, privateKey) => {
    const error: unknown = await start(privateKey).catch((reason: unknown) => reason)
    expect(error).toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining(
        'client.privateKey (TOKEN_HANDLER_CLIENT_PRIVATE_KEY) cannot sign what its own public members verify; take all members from one private key',
      ),
    })
    for (const secret of Object.values(privateKey).filter((value) => String(value).length > 12)) {
      expect(String(error)).not.toContain(secret)
    }
  })

  it('does not start with a DPoP key that proves nothing, and says which one it is', async () => {
    const dpopKeys = [
      { ...key, alg: 'ES256' },
      { ...other, alg: 'ES256', d: key.d },
    ]
    const client = { ...validInput.client, dpopKeys }
    const server = createServer(parseConfiguration({ ...validInput, client }), { logger })
    await expect(server.ready()).rejects.toThrow(
      /client\.dpopKeys\[1\] \(TOKEN_HANDLER_DPOP_KEYS\) cannot sign what its own public members verify/,
    )
    await server.close()
  })

  it('does not start with a certificate that cannot be read', async () => {
    const files = { certificateFile: '/nowhere/tls.crt', keyFile: '/nowhere/tls.key' }
    const authorizationServer = { ...validInput.authorizationServer, ...files }
    const configuration = parseConfiguration({ ...validInput, authorizationServer })
    const server = createServer(configuration, { logger })
    await expect(server.ready()).rejects.toThrow(
      /authorizationServer\.certificateFile .*names a file that cannot be read/,
    )
    await server.close()
  })

  it('says which tenant it is', async () => {
    const tenants = [
      { ...validInput, host: 'one.example' },
      { ...signedBy({ ...key, alg: 'ES384' }), host: 'two.example' },
    ].map((tenant, index) => ({ ...tenant, client: { ...tenant.client, id: `spa-${index}` } }))
    const server = createTenantServer(parseTenants({ tenants }), { logger })
    await expect(server.ready()).rejects.toThrow(/^ {2}tenants\[1\]\.client\.privateKey cannot/m)
    await server.close()
  })
})

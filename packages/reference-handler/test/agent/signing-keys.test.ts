// The keys that verify ID tokens: when they are read, and which of them fits.
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import type { JWK } from 'jose'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { World } from '../support/world.ts'
import { createDeferred } from '../support/deferred.ts'
import { beginLogin, createWorld, signIn } from '../support/world.ts'

interface Pair {
  readonly jwk: JWK
  readonly privateKey: CryptoKey
}

async function createKey(kid?: string): Promise<Pair> {
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const jwk = await exportJWK(publicKey)
  return { jwk: { ...jwk, alg: 'ES256', ...(kid !== undefined && { kid }) }, privateKey }
}

/** Has the token endpoint sign with another key. */
function signWith({ server, clock }: World, { jwk, privateKey }: Pair): void {
  server.override('token', async (_url, init) => {
    const tokens = await (await server.respond('token', init)).json()
    const payload = JSON.parse(atob(String(tokens.id_token).split('.')[1] ?? ''))
    const header = { alg: 'ES256', ...(jwk.kid !== undefined && { kid: jwk.kid }) }
    const jwt = new SignJWT({ ...payload, iat: Math.floor(clock.now / 1000) })
    const id_token = await jwt.setProtectedHeader(header).sign(privateKey)
    server.secrets.add(id_token)
    return Response.json({ ...tokens, id_token })
  })
}

const publish = ({ server }: World, keys: readonly unknown[]) => {
  server.override('jwks', () => Response.json({ keys }))
}

async function tryToSignIn(world: World) {
  const { body } = await world.browser.post('/login/start')
  const callback = world.server.authenticate(String(body['authorization_url']))
  return await world.browser.post('/login/end', callback)
}

it('a key is imported once, for all ID tokens that it has signed', async () => {
  const world = await createWorld()
  await signIn(world, world.browser)
  const imports = vi.spyOn(crypto.subtle, 'importKey')
  onTestFinished(() => {
    imports.mockRestore()
  })
  await signIn(world, world.browser)
  await signIn(world, world.browser)
  const formats: readonly string[] = imports.mock.calls.map(([format]) => format)
  expect(formats).not.toContain('jwk')
})

describe('keys that the authorization server has rotated', () => {
  it.each([
    ['with a new name', 'k2'],
    ['under the name of the old one', 'k1'],
  ])('%s are read again at once', async (_, kid) => {
    const world = await createWorld()
    await signIn(world, world.browser)
    const key = await createKey(kid)
    publish(world, [key.jwk])
    signWith(world, key)
    expect(await tryToSignIn(world)).toMatchObject({ status: 200 })
    expect(world.server.calls.jwks).toBe(2)
    await tryToSignIn(world)
    expect(world.server.calls.jwks).toBe(2)
  })

  /** Rotates the keys under one name; `onVerify` delays what comes of each verification, counted from 1. */
  async function rotate(onVerify: (count: number) => Promise<void>) {
    const world = await createWorld()
    await signIn(world, world.browser)
    const key = await createKey('k1')
    signWith(world, key)
    const reading = createDeferred()
    world.server.override('jwks', async () => {
      await reading.promise
      return Response.json({ keys: [key.jwk] })
    })
    const verify = crypto.subtle.verify.bind(crypto.subtle)
    let count = 0
    const verifications = vi.spyOn(crypto.subtle, 'verify').mockImplementation(async (...given) => {
      const isGood = await verify(...given)
      count += 1
      await onVerify(count)
      return isGood
    })
    onTestFinished(() => verifications.mockRestore())
    return { world, read: reading.resolve }
  }

  it('are there for a sign-in that had begun with the old ones, when another one has read them', async () => {
    const begun = createDeferred()
    const second = createDeferred()
    const { world, read } = await rotate(async (count) => {
      if (count === 1) begun.resolve()
      if (count !== 2) return
      read()
      await second.promise
    })
    const one = tryToSignIn(world)
    await begun.promise
    const other = tryToSignIn(world)
    expect(await one).toMatchObject({ status: 200 })
    second.resolve()
    expect(await other).toMatchObject({ status: 200 })
    expect(world.server.calls.jwks).toBe(2)
  })

  it('are there for all sign-ins that wait for them, also for more than may read them', async () => {
    const { world, read } = await rotate(async (count) => {
      if (count === 8) read()
    })
    const all = await Promise.all(Array.from({ length: 8 }, () => tryToSignIn(world)))
    expect(all.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200))
    expect(world.server.calls.jwks).toBe(1 + 5)
  })

  it('are read again five times a minute at most, whatever is signed with what', async () => {
    const world = await createWorld()
    await signIn(world, world.browser)
    signWith(world, await createKey('unknown'))
    for (let count = 0; count < 8; count++) {
      expect(await tryToSignIn(world)).toMatchObject({ status: 502 })
    }
    expect(world.server.calls.jwks).toBe(1 + 5)
    world.clock.now += 60_000
    await tryToSignIn(world)
    expect(world.server.calls.jwks).toBe(1 + 5 + 1)
  })

  it('go out of use after five minutes, and stay while the new ones cannot be read', async () => {
    const world = await createWorld()
    await signIn(world, world.browser)
    world.clock.now += 300_000
    world.server.override('jwks', () => new Response('down', { status: 503 }))
    expect(await tryToSignIn(world)).toMatchObject({ status: 200 })
    expect(world.lines.join()).toContain('continuing with the known keys')
    publish(world, [])
    expect(await tryToSignIn(world)).toMatchObject({ status: 502 })
  })
})

describe('of several keys that fit', () => {
  it.each([
    ['one name', 'k', 'k', 'k'],
    ['no names', undefined, undefined, undefined],
    ['no names, where the ID token has one', undefined, undefined, 'k'],
  ])('each is tried: %s', async (_, first, second, kid) => {
    const world = await createWorld()
    const [wrong, right] = [await createKey(first), await createKey(second)]
    publish(world, [wrong.jwk, { kty: 'RSA', use: 'enc' }, 'no key at all', right.jwk])
    const { kid: __, ...jwk } = right.jwk
    signWith(world, { ...right, jwk: kid === undefined ? jwk : { ...jwk, kid } })
    expect(await tryToSignIn(world)).toMatchObject({ status: 200 })
  })
})

describe('the message says', () => {
  it('which key cannot be used', async () => {
    const world = await createWorld()
    publish(world, [{ kty: 'EC', crv: 'P-256', kid: 'k1', x5c: ['MIIB'] }])
    const { status, body } = await tryToSignIn(world)
    expect(status).toBe(502)
    expect(body['detailed_error']).toMatch(/signing key "k1" \(kty "EC"\) cannot be used/)
  })

  it.each([
    ['404', () => new Response('', { status: 404 }), /jwks were answered with 404/],
    ['no key set', () => Response.json([]), /no JSON Web Key Set at/],
  ])('where the keys should be, and that there was %s', async (_, answer, text) => {
    const world = await beginLogin()
    world.server.override('jwks', answer)
    const { body } = await world.browser.post('/login/end', world.callback)
    expect(body['detailed_error']).toMatch(text)
  })

  it('that no key verifies the signature', async () => {
    const world = await createWorld()
    signWith(world, await createKey('other'))
    const { body } = await tryToSignIn(world)
    expect(body['detailed_error']).toMatch(/none of the 1 signing keys .*kid "other", alg ES256/)
  })
})

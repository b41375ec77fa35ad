// How long a session lives: as its refresh token does, and never longer than it may.
import { describe, expect, it } from 'vitest'
import { sealerOf } from '../../src/sealing/configured-sealer.ts'
import { createProxyCookieReader } from '../../src/sealing/proxy-cookie.ts'
import { proxyName, renewed, sessionExpired, sessionName } from '../support/answers.ts'
import { createSignedInWorld, createWorld, isSignedIn, signIn } from '../support/world.ts'

const lifetime = { configuration: { session: { lifetime: 600 } } }

const maxAges = (setCookies: readonly string[]) =>
  setCookies
    .filter((cookie) => cookie.startsWith(`${proxyName}=`) || cookie.startsWith(`${sessionName}=`))
    .map((cookie) => /Max-Age=(\d+)/.exec(cookie)?.[1])

describe('a session', () => {
  it('ends with the browser when nobody knows how long it may live', async () => {
    const world = await createWorld()
    const { body, setCookies } = await signIn(world, world.browser)
    expect(maxAges(setCookies)).toEqual([undefined, undefined])
    expect(body).not.toHaveProperty('session_expires_in')
  })

  it.each(['refresh_token_expires_in', 'refresh_expires_in'])(
    'lives as long as the refresh token, told by %s',
    async (member) => {
      const world = await createWorld({ tokenAnswer: { [member]: 1800 } })
      const { body, setCookies } = await signIn(world, world.browser)
      expect(maxAges(setCookies)).toEqual(['1800', '1800'])
      expect(body).toMatchObject({ session_expires_in: 1800 })
      world.clock.now += 600_000
      expect(maxAges((await world.browser.post('/refresh')).setCookies)).toEqual(['1800', '1800'])
    },
  )

  it('takes a lifetime of zero for one without end', async () => {
    const world = await createWorld({ tokenAnswer: { refresh_expires_in: 0 } })
    const { setCookies } = await signIn(world, world.browser)
    expect(maxAges(setCookies)).toEqual([undefined, undefined])
  })

  it('is never extended beyond its configured lifetime', async () => {
    const world = await createSignedInWorld({
      ...lifetime,
      tokenAnswer: { refresh_token_expires_in: 86_400 },
    })
    const { browser, clock, server } = world
    clock.now += 250_000
    const answer = await browser.post('/refresh')
    expect(answer).toMatchObject(renewed)
    expect(maxAges(answer.setCookies)).toEqual(['350', '350'])
    clock.now += 200_000
    expect((await browser.get('/session')).body).toMatchObject({
      is_logged_in: true,
      session_expires_in: 150,
    })
    clock.now += 150_000
    expect(await isSignedIn(browser)).toBe(false)
    expect(await browser.post('/refresh')).toMatchObject(sessionExpired)
    expect(server.calls.token).toBe(1)
  })

  it('takes its access token with it when it ends', async () => {
    const { browser, clock, configuration } = await createSignedInWorld(lifetime)
    clock.now += 500_000
    expect((await browser.post('/refresh')).body).toEqual({ access_token_expires_in: 100 })
    const sealer = sealerOf(configuration, {})
    const secrets = () => configuration.cookies.secrets
    const read = createProxyCookieReader(sealer, () => clock.now, secrets)
    expect(await read(browser.cookies.get(proxyName) ?? '')).toMatchObject({
      expiresAt: clock.now + 100_000,
    })
  })
})

// Browsers that have cookies of an earlier `cookies.domain` beside those of today.
import { describe, expect, it } from 'vitest'
import type { Configuration } from '../../src/configuration/schema.ts'
import { createWorld, isSignedIn, signIn } from '../support/world.ts'
import type { World } from '../support/world.ts'

const names = ['th-at', 'th-session']

/** The same deployment with another domain of its cookies. */
const withDomain = ({ configuration }: World, domain: string | undefined): Configuration => ({
  ...configuration,
  cookies: { ...configuration.cookies, domain },
})

/** A user who signed in before the domain changed, and once more since then. */
async function signInTwice(before: string | undefined, now: string | undefined) {
  const world = await createWorld({ configuration: { cookies: { prefix: 'th' } } })
  const earlier = world.newBrowser(world.createAgent(withDomain(world, before)))
  await signIn(world, earlier)
  const today = world.newBrowser(world.createAgent(withDomain(world, now)))
  await signIn(world, today)
  const textOf = ({ cookies }: typeof today) =>
    [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  return {
    world,
    today,
    earlierCookies: textOf(earlier),
    bothCookies: `${textOf(earlier)}; ${textOf(today)}`,
  }
}

/** The domains for which the cookies of a session are removed; none is of the host alone. */
const removedDomains = (setCookies: readonly string[]) =>
  names.map((name) =>
    setCookies
      .filter((line) => line.startsWith(`${name}=;`) && line.includes('Max-Age=0'))
      .map((line) => /Domain=([^;]+)/.exec(line)?.[1] ?? 'none')
      .sort(),
  )

const everywhere = ['api.app.example', 'app.example', 'none']

describe('after cookies.domain has changed', () => {
  it('a sign-out revokes each session of the browser, and removes its cookies of every domain', async () => {
    const { world, today, bothCookies } = await signInTwice('app.example', undefined)
    const headers = { cookie: bothCookies }
    const { status, setCookies } = await today.send('POST', '/logout', { headers })
    expect(status).toBe(200)
    expect(removedDomains(setCookies)).toEqual([everywhere, everywhere])
    expect(new Set(world.server.revoked).size).toBe(2)
  })

  it('a cookie of the earlier domain is no session any more', async () => {
    const { today, earlierCookies } = await signInTwice('app.example', undefined)
    const headers = { cookie: earlierCookies }
    expect((await today.send('GET', '/session', { headers })).body).toEqual({ is_logged_in: false })
    expect(await today.send('POST', '/refresh', { headers })).toMatchObject({
      status: 401,
      body: { error_code: 'session_expired' },
    })
    expect(await isSignedIn(today)).toBe(true)
  })

  it.each([
    ['app.example', undefined],
    [undefined, 'app.example'],
    ['app.example', 'api.app.example'],
  ])('from %s to %s, two sessions are refused, and both go', async (before, now) => {
    const { today, bothCookies } = await signInTwice(before, now)
    const headers = { cookie: bothCookies }
    const answer = await today.send('GET', '/session', { headers })
    expect(answer).toMatchObject({ status: 400, body: { error_code: 'invalid_request' } })
    expect(removedDomains(answer.setCookies)).toEqual([everywhere, everywhere])
  })

  it('a sign-in removes what the earlier domain left, and keeps what it sets', async () => {
    const world = await createWorld({ configuration: { cookies: { prefix: 'th' } } })
    const { setCookies } = await signIn(world, world.browser)
    const left = ['api.app.example', 'app.example']
    expect(removedDomains(setCookies)).toEqual([left, left])
    const set = setCookies.findLastIndex((line) => line.startsWith('th-session='))
    expect(setCookies[set]).not.toContain('Max-Age=0')
    expect(await isSignedIn(world.browser)).toBe(true)
  })

  it('nothing is removed twice where the prefix allows no domain', async () => {
    const world = await createWorld()
    const { setCookies } = await signIn(world, world.browser)
    expect(setCookies.filter((line) => line.includes('Domain='))).toEqual([])
  })
})

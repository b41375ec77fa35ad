// Refreshing the session once, however often it is asked for.
import { describe, expect, it } from 'vitest'
import { proxyName, renewed, sessionExpired } from '../support/answers.ts'
import { createSignedInWorld } from '../support/world.ts'

describe('refreshes at the same time', () => {
  it('are one call to the authorization server, with the same cookies for everyone', async () => {
    const { browser, server } = await createSignedInWorld()
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => browser.send('POST', '/refresh')),
    )
    expect(server.calls.token).toBe(1)
    for (const answer of answers) {
      expect(answer).toMatchObject(renewed)
      expect(answer.setCookies).toEqual(answers[0]?.setCookies)
    }
    answers[0]?.setCookies.forEach(browser.keep)
    expect(await browser.post('/refresh')).toMatchObject(renewed)
  })
})

describe('a refresh whose answer was lost', () => {
  it('is answered again, with the same cookies, and the seconds that still remain', async () => {
    const { browser, clock, server } = await createSignedInWorld()
    const lost = await browser.send('POST', '/refresh')
    clock.now += 19_000
    const again = await browser.post('/refresh')
    expect(again.setCookies).toEqual(lost.setCookies)
    expect(again.body).toEqual({ access_token_expires_in: 281 })
    expect(server.calls.token).toBe(1)
    expect(await browser.post('/refresh')).toMatchObject(renewed)
  })

  it('is asked anew once the result is not kept any more', async () => {
    const { browser, clock, server } = await createSignedInWorld()
    await browser.send('POST', '/refresh')
    clock.now += 20_001
    expect(await browser.post('/refresh')).toMatchObject(sessionExpired)
    expect(server.calls.token).toBe(2)
  })
})

it.each([true, false])(
  'an API that rejects the tokens just issued gets new ones (rotation: %s)',
  async (rotation) => {
    const { browser, clock, server } = await createSignedInWorld({ rotation })
    for (let count = 1; count <= 3; count++) {
      clock.now += 1000
      const before = browser.cookies.get(proxyName)
      expect(await browser.post('/refresh')).toMatchObject(renewed)
      expect(browser.cookies.get(proxyName)).not.toBe(before)
      expect(server.calls.token).toBe(count)
    }
  },
)

describe('a fresh access token', () => {
  const freshFor = { configuration: { refresh: { freshFor: 5 } } }

  it('is not refreshed again', async () => {
    const { browser, clock, server } = await createSignedInWorld(freshFor)
    clock.now += 4_000
    expect(await browser.post('/refresh')).toMatchObject({
      status: 200,
      body: { access_token_expires_in: 296 },
      setCookies: [],
    })
    expect(server.calls.token).toBe(0)
    clock.now += 1_000
    expect(await browser.post('/refresh')).toMatchObject(renewed)
    expect(server.calls.token).toBe(1)
  })

  it('is refreshed when it is about to expire', async () => {
    const { browser, server } = await createSignedInWorld({ ...freshFor, expiresIn: 5 })
    await browser.post('/refresh')
    expect(server.calls.token).toBe(1)
  })

  it('is replaced when the browser lost it', async () => {
    const { browser } = await createSignedInWorld(freshFor)
    browser.cookies.delete(proxyName)
    await browser.post('/refresh')
    expect(browser.cookies.has(proxyName)).toBe(true)
  })
})

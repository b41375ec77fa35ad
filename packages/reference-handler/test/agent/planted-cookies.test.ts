// Cookies of our names that another host has planted: they go, whatever `Domain` they may have.
import { describe, expect, it } from 'vitest'
import { proxyName, removal, sessionName } from '../support/answers.ts'
import { agentUrl } from '../support/browser.ts'
import { createWorld, signIn } from '../support/world.ts'

const { hostname } = new URL(agentUrl)

/** The removals of a cookie of this host and of every parent that it can have. */
const plantedRemovals = (name: string): readonly string[] =>
  hostname
    .split('.')
    .slice(0, -1)
    .map((_label, index) => hostname.split('.').slice(index).join('.'))
    .map((domain) => removal(name).replace('; Secure', `; Domain=${domain}; Secure`))

describe('a user with two cookies of one name', () => {
  it('is refused once: the answer removes the planted one, and the session goes on', async () => {
    const world = await createWorld()
    await signIn(world, world.browser)
    const own = [...world.browser.cookies].map((pair) => pair.join('=')).join('; ')
    const headers = { cookie: `${own}; ${sessionName}=planted` }
    const answer = await world.browser.send('GET', '/session', { headers })
    expect(answer).toMatchObject({ status: 400, body: { error_code: 'invalid_request' } })
    expect(answer.setCookies).toEqual(plantedRemovals(sessionName))
    expect(answer.setCookies.length).toBeGreaterThan(1)
    expect((await world.browser.get('/session')).body).toMatchObject({ is_logged_in: true })
  })

  it('signs out, and loses both', async () => {
    const { browser } = await createWorld()
    const headers = { cookie: `${sessionName}=garbage; ${sessionName}=planted` }
    const answer = await browser.send('POST', '/logout', { headers })
    expect(answer.status).toBe(200)
    expect(answer.setCookies).toEqual([
      ...[proxyName, sessionName].flatMap(plantedRemovals),
      ...[proxyName, sessionName].map(removal),
    ])
  })
})

describe('a sign-in beside a planted session cookie', () => {
  it('removes it, and answers as ever where there is none', async () => {
    const world = await createWorld()
    const [plain, other] = [await signIn(world, world.browser), await createWorld()]
    expect(plain.setCookies.filter((line) => line.includes('Domain='))).toEqual([])
    other.browser.cookies.set(sessionName, 'planted')
    const { setCookies } = await signIn(other, other.browser)
    for (const line of [proxyName, sessionName].flatMap(plantedRemovals)) {
      expect(setCookies).toContain(line)
    }
  })

  it('removes nothing where the cookie is of an earlier session', async () => {
    const world = await createWorld()
    await signIn(world, world.browser)
    const { setCookies } = await signIn(world, world.browser)
    expect(setCookies.filter((line) => line.includes('Domain='))).toEqual([])
  })
})

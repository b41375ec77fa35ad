// Cookies of our names that another host has planted: they go, whatever `Domain` they may have.
import { describe, expect, it } from 'vitest'
import { plantableDomains, removePlanted } from '../../src/agent/planted-cookies.ts'

import { plantedRemovals, proxyName, removal, sessionName } from '../support/answers.ts'

import { createTestConfiguration, createWorld, signIn } from '../support/world.ts'

const configuration = createTestConfiguration()

describe('the domains of another host', () => {
  it.each([
    [
      'api.eu.app.example:8443',
      ['api.eu.app.example', 'eu.app.example', 'app.example', 'www.app.example'],
    ],
    ['app.example', ['app.example', 'www.app.example']],
    // No browser takes a cookie for the parents of these.
    ['127.0.0.1:3000', ['www.app.example', 'app.example']],
    ['[::1]:3000', ['www.app.example', 'app.example']],
    ['localhost', ['www.app.example', 'app.example']],
    ['a b; Domain=x.example', ['www.app.example', 'app.example']],
    [null, ['www.app.example', 'app.example']],
  ])('are, for the host %s, its parents and those of the app: %j', (host, domains) => {
    expect(plantableDomains(configuration, host)).toEqual(domains)
  })

  it('are few, however many labels a host has', () => {
    expect(plantableDomains(configuration, 'a.'.repeat(100) + 'example')).toHaveLength(7)
  })
})

describe('removing', () => {
  it('spares the cookie of a deployment with a Domain, and takes the one without', () => {
    const cookies = { ...configuration.cookies, prefix: 'th', domain: 'App.Example' }
    const domains = ['www.app.example', 'app.example']
    const removed = removePlanted({ ...configuration, cookies }, ['th-at'], domains)
    expect(removed.map(({ domain }) => domain)).toEqual([null, 'www.app.example'])
  })
})

describe('a user with two cookies of one name', () => {
  it('is refused once: the answer removes the planted one, and the session goes on', async () => {
    const world = await createWorld()
    await signIn(world, world.browser)
    const own = [...world.browser.cookies].map((pair) => pair.join('=')).join('; ')
    const headers = { cookie: `${own}; ${sessionName}=planted` }
    const answer = await world.browser.send('GET', '/session', { headers })
    expect(answer).toMatchObject({ status: 400, body: { error_code: 'invalid_request' } })
    expect(answer.setCookies).toEqual(plantedRemovals(sessionName))
    expect((await world.browser.get('/session')).body).toMatchObject({ is_logged_in: true })
  })
})

describe('a sign-in beside a planted session cookie', () => {
  it('removes it, and answers as ever without one', async () => {
    const world = await createWorld()
    world.browser.cookies.set(sessionName, 'planted')
    const answer = await signIn(world, world.browser)
    expect(answer.setCookies.slice(-4)).toEqual([proxyName, sessionName].flatMap(plantedRemovals))
    const other = await createWorld()
    const plain = await signIn(other, other.browser)
    expect(plain.setCookies.filter((line) => line.includes('Domain='))).toEqual([])
    expect(plain.setCookies.at(-1)).toContain(removal('').slice(1))
  })
})

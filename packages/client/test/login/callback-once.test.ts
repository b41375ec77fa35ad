// An authorization response is used once, whatever page and user do.
import { describe, expect, it } from 'vitest'
import { signedIn } from '../support/fake-agent.ts'
import { createGate, settle } from '../support/gate.ts'
import { alice, comeBack, HOME, openPage } from '../support/page.ts'

describe('an authorization response', () => {
  it('ends the login once, although StrictMode mounts everything twice', async () => {
    const page = await comeBack('?code=c&state=s1')
    const [one, two] = [page.client.load(), page.client.load()]
    expect(await one).toBe(await two)
    expect(page.agent.calls('endLogin')).toHaveLength(1)
  })

  it('ends the login once, although a second client of the page loads too', async () => {
    const page = await comeBack('?code=c&state=s1')
    const gate = createGate()
    page.agent.answer('endLogin', () => gate.passed.then(() => signedIn))
    page.agent.answer('session', () => gate.passed.then(() => signedIn))
    const one = page.client.load()
    const two = page.createAnother().client.load()
    gate.open()
    await Promise.all([one, two])
    expect(page.agent.calls('endLogin')).toHaveLength(1)
  })

  it('asks for the session instead when the callback URL is reloaded or bookmarked', async () => {
    const page = await comeBack('?code=c&state=s1')
    await page.client.load()
    page.agent.answer('session', signedIn)
    const reloaded = page.open(`${HOME}?code=c&state=s1`)
    expect((await reloaded.client.load()).session).toEqual(alice)
    expect(page.agent.calls('endLogin')).toHaveLength(1)
    expect(reloaded.tab.url()).toBe(HOME)
  })

  it('asks the agent after a reload in the middle of it, whatever the flag said before', async () => {
    const anonymous = openPage()
    await anonymous.client.load()
    void anonymous.client.login()
    await settle()
    const callback = anonymous.open(`${HOME}?code=c&state=s1`)
    callback.agent.answer('endLogin', () => createGate().passed.then(() => signedIn))
    void callback.client.load()
    await settle()
    callback.agent.answer('session', signedIn)
    const reloaded = callback.open(callback.tab.url())
    expect((await reloaded.client.load()).session).toEqual(alice)
  })
})

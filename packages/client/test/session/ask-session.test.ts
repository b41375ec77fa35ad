// Asking the agent who is signed in.
import { describe, expect, it } from 'vitest'
import { networkError, signedIn, signedOut } from '../support/fake-agent.ts'
import { START } from '../support/fake-platform.ts'
import { createGate } from '../support/gate.ts'
import { FLAG, openPage, openSignedInPage } from '../support/page.ts'

describe('asking for the session', () => {
  it('in vain does not make "signed out" any younger', async () => {
    const page = openPage()
    await page.client.load()
    page.tab.advance(1_000)
    page.agent.answer('session', networkError)
    await expect(page.client.session()).rejects.toMatchObject({ code: 'agent_unreachable' })
    expect(page.tab.localStorage.get(FLAG)).toBe(`false:${START}`)
  })

  it('gives the same snapshot when nothing has changed', async () => {
    const page = await openSignedInPage()
    const before = page.client.getSnapshot()
    expect(await page.client.session()).toBe(before)
  })

  it('asks the agent once for everybody who asks at the same time', async () => {
    const page = openPage()
    await Promise.all([page.client.session(), page.client.session(), page.client.load()])
    expect(page.agent.calls('session')).toHaveLength(1)
  })

  it('notices that the session has ended', async () => {
    const page = await openSignedInPage()
    page.agent.answer('session', signedOut)
    expect(await page.client.session()).toEqual({ status: 'unauthenticated', reason: 'expired' })
    expect(page.events).toEqual(['sessionStarted', 'sessionExpired'])
  })

  it('ignores an answer that a sign-out has overtaken', async () => {
    const page = await openSignedInPage()
    const gate = createGate()
    page.agent.answer('session', () => gate.passed.then(() => signedIn))
    const asking = page.client.session()
    await page.client.logout()
    gate.open()
    expect(await asking).toEqual({ status: 'unauthenticated', reason: 'signed-out' })
    expect(page.tab.localStorage.get(FLAG)).toBe(`false:${START}`)
  })
})

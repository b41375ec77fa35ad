// Who counts as another user, and what counts as other claims.
import { describe, expect, it } from 'vitest'
import { createIdentify, describeUser } from '../../src/session/identity.ts'
import { ORDERS, unauthorized } from '../support/fake-agent.ts'
import { createGate, settle } from '../support/gate.ts'
import { HOME, openPage } from '../support/page.ts'
import type { Options } from '../support/page.ts'
import { openTabs } from '../support/tabs.ts'

const as = (claims: object) => ({
  json: { is_logged_in: true, id_token_claims: claims, access_token_expires_in: 300 },
})
const ofA = as({ sub: 'alice', org_id: 'A' })
const ofB = as({ sub: 'alice', org_id: 'B' })
const identity: Options['identity'] = ({ sub, org_id }) => [sub, org_id]

async function openPageOf(answer: typeof ofA, options: Options = {}) {
  const page = openPage(options)
  page.agent.answer('session', answer)
  await page.client.load()
  const told: [string, unknown, unknown][] = []
  for (const event of ['userChanged', 'claimsChanged'] as const) {
    page.client.on(event, ({ previous, current }) => told.push([event, previous, current]))
  }
  return { ...page, told }
}

describe('the same subject in another organisation', () => {
  it('is another user, where the app says so, before the new session can be seen', async () => {
    const page = await openPageOf(ofA, { identity })
    let seen: unknown
    page.client.on('userChanged', () => {
      seen = page.client.getSnapshot()
    })
    page.agent.answer('session', ofB)
    await page.client.session()
    expect(page.told).toEqual([
      ['userChanged', { sub: 'alice', org_id: 'A' }, { sub: 'alice', org_id: 'B' }],
    ])
    expect(seen).toMatchObject({ claims: { org_id: 'A' } })
  })

  it('is one for the next page load, too', async () => {
    const page = await openPageOf(ofA, { identity })
    page.agent.answer('session', ofB)
    const next = page.open(HOME)
    await next.client.load()
    expect(next.events).toEqual(['userChanged', 'sessionStarted'])
  })

  it('gets no request of the one before it', async () => {
    const { agent, first, second } = await openTabs({ identity })
    const gate = createGate()
    agent.answer('session', ofA)
    await first.client.session()
    agent.answerApi(() => gate.passed.then(() => unauthorized))
    const sent = first.client.fetch(ORDERS, { method: 'POST', body: 'of A' })
    await settle()
    agent.answer('session', ofB)
    agent.answer('endLogin', ofB)
    void second.client.login()
    await settle()
    await second.open(`${HOME}?code=c&state=s1`).client.load()
    gate.open()
    await expect(sent).rejects.toMatchObject({ code: 'session_expired' })
    expect(agent.apiCalls()).toHaveLength(1)
  })

  it('is by default the same user with other claims, which is told', async () => {
    const page = await openPageOf(ofA)
    page.agent.answer('session', ofB)
    await page.client.session()
    expect(page.told).toEqual([
      ['claimsChanged', { sub: 'alice', org_id: 'A' }, { sub: 'alice', org_id: 'B' }],
    ])
  })

  it('that signs in in another tab is a new session there and here', async () => {
    const { agent, first, second } = await openTabs()
    agent.answer('session', ofB)
    agent.answer('endLogin', ofB)
    void first.client.login()
    await settle()
    await first.open(`${HOME}?code=c&state=s1`).client.load()
    await settle()
    expect(second.client.getSnapshot()).toMatchObject({ claims: { org_id: 'B' } })
    expect(second.events).toEqual(['sessionStarted', 'claimsChanged', 'sessionStarted'])
  })

  it('is told nothing of claims about the ID token itself', async () => {
    const page = await openPageOf(as({ sub: 'alice', iat: 1, exp: 2, nonce: 'a' }))
    page.agent.answer('session', as({ sub: 'alice', iat: 3, exp: 4, nonce: 'b', at_hash: 'c' }))
    await page.client.session()
    expect(page.told).toEqual([])
  })
})

describe('an identity', () => {
  it.each([
    [undefined, { sub: 'alice' }, 'alice'],
    [undefined, {}, '{}'],
    [undefined, { sub: 7 }, '7'],
    [({ a, b }: { a?: unknown; b?: unknown }) => [a, b], { a: 'x,y', b: 'z' }, '["x,y","z"]'],
  ])('is a text: %#', (identify, claims, expected) => {
    expect(createIdentify(identify)(claims)).toBe(expected)
  })

  it('that cannot be told is all of the claims', () => {
    const identify = createIdentify(() => {
      throw new Error('no such claim')
    })
    expect(identify({ sub: 'alice' })).toBe(describeUser({ sub: 'alice' }))
  })
})

describe('claims that say the same', () => {
  it.each<[string, object, object]>([
    ['in another order', { sub: 'a', role: 'x' }, { role: 'x', sub: 'a' }],
    [
      'in another order further in',
      { sub: 'a', address: [{ country: 'DE', locality: 'Berlin' }] },
      { sub: 'a', address: [{ locality: 'Berlin', country: 'DE' }] },
    ],
    ['beside a hash of the state', { sub: 'a', s_hash: '1' }, { sub: 'a', s_hash: '2' }],
    [
      'beside what Entra ID says of the token',
      { sub: 'a', uti: '1', aio: '1', rh: '1' },
      { sub: 'a', uti: '2', aio: '2', rh: '2' },
    ],
  ])('are no other claims: %s', async (_, before, after) => {
    const page = await openPageOf(as(before))
    page.agent.answer('session', as(after))
    await page.client.session()
    expect(page.told).toEqual([])
  })

  it('are other ones when a list has another order', async () => {
    const page = await openPageOf(as({ sub: 'a', roles: ['x', 'y'] }))
    page.agent.answer('session', as({ sub: 'a', roles: ['y', 'x'] }))
    await page.client.session()
    expect(page.told.map(([event]) => event)).toEqual(['claimsChanged'])
  })
})

describe('an identity that is no text', () => {
  it('is the same whatever the order of its members', () => {
    const identify = createIdentify(({ organization }) => organization)
    const user = (organization: object) => identify({ sub: 'a', organization })
    expect(user({ id: 1, name: 'A' })).toBe(user({ name: 'A', id: 1 }))
    expect(user({ id: 1, name: 'A' })).not.toBe(user({ id: 2, name: 'A' }))
  })

  it.each<[string, NonNullable<Options['identity']>]>([
    ['a set', ({ sub }) => new Set([sub])],
    ['a map', ({ sub }) => new Map([['sub', sub]])],
    ['a promise', async ({ sub }) => sub],
    ['nothing', () => undefined],
    [
      'a function',
      ({ sub }) =>
        () =>
          sub,
    ],
  ])('that cannot be compared tells users apart by their claims: %s', (_, identity_) => {
    const identify = createIdentify(identity_)
    expect(identify({ sub: 'alice' })).not.toBe(identify({ sub: 'bob' }))
    expect(identify({ sub: 'alice', iat: 1 })).toBe(identify({ sub: 'alice', iat: 2 }))
  })
})

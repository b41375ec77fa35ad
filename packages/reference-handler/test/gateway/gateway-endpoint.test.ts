// What gateways ask the handler: the feed of ended sessions and the worth of cookies, for holders of the keys alone.
import { describe, expect, it, vi } from 'vitest'
import { createOAuthAgent } from '../../src/agent/oauth-agent.ts'
import { endUserSessions } from '../../src/agent/end-user-sessions.ts'
import type { FetchInit } from '../../src/ports.ts'
import { sealerOf } from '../../src/sealing/configured-sealer.ts'
import { sealProxyCookie } from '../../src/sealing/proxy-cookie.ts'
import { markOfUser } from '../../src/store/session-marks.ts'
import { newKey } from '../support/dpop-keys.ts'
import { createMemoryStore } from '../support/memory-store.ts'
import { noLog } from '../support/no-log.ts'
import { issuer, metadata } from '../support/provider.ts'
import { cookieSecret, createTestConfiguration } from '../support/world.ts'
import { accessTokenJwt, startedAt } from '../proxy/phantom-proxy.ts'
import { ask, handlerKeysOf, nonce, openWith, sendQuestion } from './gateway-client.ts'

/** An agent with a store and an authorization server that knows one opaque token. */
function createHandler(more: Record<string, object> = {}) {
  const clock = { now: startedAt }
  const configuration = createTestConfiguration({
    configuration: {
      redis: { url: 'redis://localhost' },
      introspection: { enabled: true, keptFor: 30 },
      ...more,
    },
  })
  const store = createMemoryStore(() => clock.now)
  const asked: FetchInit[] = []
  const answer = { status: 200 }
  const ports = {
    now: () => clock.now,
    log: noLog,
    store,
    fetch: async (url: string, init: FetchInit) => {
      if (url.endsWith('/.well-known/openid-configuration'))
        return Response.json({ ...metadata, introspection_endpoint: `${issuer}/introspect` })
      asked.push(init)
      const body = String(init.body).includes('token=opaque') ? accessTokenJwt() : null
      const headers = { 'content-type': 'application/jwt' }
      return new Response(body, { status: body === null ? 204 : answer.status, headers })
    },
  }
  const agent = createOAuthAgent(configuration, ports)
  const sealer = sealerOf(configuration, ports)
  const [key] = handlerKeysOf(configuration)
  if (key === undefined) throw new Error('There is one.')
  return {
    agent,
    answer,
    asked,
    clock,
    configuration,
    key,
    ports,
    ask: (path: string, form: Record<string, string> = {}) => ask(agent, configuration, path, form),
    seal: (accessToken: string, session?: { startedAt: number; marks: string[] }) =>
      sealProxyCookie(sealer, {
        accessToken,
        issuedAt: startedAt,
        expiresAt: startedAt + 600_000,
        ...(session && { session }),
      }),
  }
}

type Handler = ReturnType<typeof createHandler>

/** Ends all sessions of a user, and waits until this instance has heard of it. */
async function end({ clock, configuration, ports, ask }: Handler, sub: string): Promise<void> {
  clock.now += 1000
  await endUserSessions(configuration, ports, sub)
  const mark = await markOfUser(sub)
  await vi.waitFor(async () => expect(await ask('/ended-sessions')).toContain(mark), 5000)
}

describe('the feed of ended sessions', () => {
  it('tells what was ended and when, and from a position on what is new', async () => {
    const handler = createHandler()
    expect(await handler.ask('/ended-sessions')).toEqual(['', false])
    await end(handler, 'alice')
    const [alice, bob] = [await markOfUser('alice'), await markOfUser('bob')]
    const [position, ...rest] = await handler.ask('/ended-sessions')
    expect([position, ...rest]).toEqual(['1-0', false, startedAt + 1000, alice])
    await end(handler, 'bob')
    const form = { after: String(position) }
    expect(await handler.ask('/ended-sessions', form)).toEqual([
      '2-0',
      false,
      startedAt + 2000,
      bob,
    ])
    expect(await handler.ask('/ended-sessions', { after: '2-0' })).toEqual(['2-0', false])
  })

  it('begins anew for whoever names a position that is none', async () => {
    const handler = createHandler()
    await end(handler, 'alice')
    for (const after of ['', 'x', '1', '-1-0', '1-0-0', '9'.repeat(40)]) {
      const [position] = await handler.ask('/ended-sessions', { after })
      expect(position).toBe('1-0')
    }
  })

  it('keeps the position of a gateway that has heard more elsewhere', async () => {
    const handler = createHandler()
    await end(handler, 'alice')
    expect(await handler.ask('/ended-sessions', { after: '7-3' })).toEqual(['7-3', false])
  })

  it('says when there is more than fits into an answer', async () => {
    const handler = createHandler()
    const { configuration, ports } = handler
    const users = Array.from({ length: 401 }, (_, index) => `user ${index}`)
    for (const user of users) await endUserSessions(configuration, ports, user)
    const heard = async () => (await handler.ask('/ended-sessions', { after: '400-0' }))[0]
    await vi.waitFor(async () => expect(await heard()).toBe('401-0'), 20_000)
    const [position, isMore, ...first] = await handler.ask('/ended-sessions')
    expect([position, isMore, first.length]).toEqual(['400-0', true, 800])
    const form = { after: String(position) }
    expect((await handler.ask('/ended-sessions', form)).slice(0, 2)).toEqual(['401-0', false])
  }, 30_000)

  it('forgets what is a day old', async () => {
    const handler = createHandler()
    await end(handler, 'alice')
    handler.clock.now += 86_400_000
    await end(handler, 'bob')
    expect(await handler.ask('/ended-sessions')).not.toContain(await markOfUser('alice'))
  })
})

describe('the worth of a proxy cookie', () => {
  it('is its access token, until when, and what its session is ended by', async () => {
    const { ask, seal } = createHandler()
    const session = { startedAt, marks: ['one', 'two'] }
    const cookie = await seal(accessTokenJwt(), session)
    expect(await ask('/access-token', { cookie })).toEqual([
      'usable',
      accessTokenJwt(),
      startedAt + 600_000,
      null,
      startedAt,
      'one',
      'two',
    ])
  })

  it('is the JWT of an opaque token, to be kept for no longer than the handler itself keeps it', async () => {
    const { ask, asked, clock, seal } = createHandler()
    const cookie = await seal('opaque')
    const expected = ['usable', accessTokenJwt(), startedAt + 300_000, startedAt + 30_000]
    expect(await ask('/access-token', { cookie })).toEqual(expected)
    clock.now += 29_999
    expect(await ask('/access-token', { cookie })).toEqual(expected)
    expect(asked).toHaveLength(1)
  })

  it('is nothing for a token that is not active, a cookie of nobody, and one that is several', async () => {
    const { ask, seal } = createHandler()
    const good = await seal(accessTokenJwt())
    for (const cookie of [await seal('gone'), 'x', '', `${good}; a=b`, `${good},`]) {
      expect(await ask('/access-token', { cookie })).toEqual(['unusable', expect.any(String)])
    }
  })

  it('is nothing where the token is bound to a key: a gateway would send it as a bearer token', async () => {
    // Keys that were printed before tokens were bound, as long as the secrets are the same.
    const { configuration, ports } = createHandler()
    const client = { ...configuration.client, dpopKeys: [newKey.privateJwk] }
    const binding = { ...configuration, client }
    const [key] = handlerKeysOf(configuration)
    const cookie = await sealProxyCookie(sealerOf(binding, ports), {
      accessToken: accessTokenJwt(),
      dpopKey: newKey.thumbprint,
      issuedAt: startedAt,
    })
    const agent = createOAuthAgent(binding, ports)
    const form = { nonce, cookie }
    const answer = await sendQuestion(agent, '/access-token', form, key?.credential ?? '')
    expect(openWith(key?.key ?? '', await answer.text())).toEqual([
      nonce,
      'unusable',
      'The access token is bound to a key.',
    ])
  })

  it('is not known while the authorization server gives no answer', async () => {
    const { answer, ask, seal } = createHandler()
    answer.status = 503
    const cookie = await seal('opaque')
    expect(await ask('/access-token', { cookie })).toEqual(['unavailable', expect.any(String)])
  })

  it('is nothing once the session was ended', async () => {
    const handler = createHandler()
    const session = { startedAt, marks: [await markOfUser('alice')] }
    const cookie = await handler.seal(accessTokenJwt(), session)
    await end(handler, 'alice')
    expect(await handler.ask('/access-token', { cookie })).toEqual(['unusable', expect.any(String)])
  })

  it('is found in the store, where sessions are there', async () => {
    const { ask, seal } = createHandler({ session: { store: 'redis', idleTimeout: 3600 } })
    const cookie = await seal(accessTokenJwt())
    expect(cookie.length).toBeLessThan(300)
    expect((await ask('/access-token', { cookie })).slice(0, 2)).toEqual([
      'usable',
      accessTokenJwt(),
    ])
  })
})

describe('to everybody else', () => {
  it('there is no such path', async () => {
    const { agent, key } = createHandler()
    const wrong = `${key.credential[0] === 'A' ? 'B' : 'A'}${key.credential.slice(1)}`
    for (const credential of [wrong, key.key, key.kid, cookieSecret, '', `${key.credential}A`]) {
      for (const path of ['/ended-sessions', '/access-token']) {
        const answer = await sendQuestion(agent, path, { nonce }, credential)
        expect(answer.status).toBe(404)
        expect(await answer.json()).toMatchObject({ error_code: 'not_found' })
      }
    }
  })

  it('an answer is neither readable nor good for another question', async () => {
    const { agent, key } = createHandler()
    const answer = await sendQuestion(agent, '/ended-sessions', { nonce }, key.credential)
    expect(answer.headers.get('content-type')).toBe('application/jose')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const sealed = await answer.text()
    expect(openWith(key.key, sealed)).toEqual([nonce, '', false])
    expect(() => openWith(key.credential, sealed)).toThrow('unable to authenticate')
  })

  it('a credential opens no cookie, and the key of answers makes none', async () => {
    const { configuration, ports, key } = createHandler()
    const sealer = sealerOf(configuration, ports)
    for (const role of ['proxy', 'session', 'login'] as const) {
      const sealed = await sealer.seal(role, ['content'])
      for (const text of [key.key, key.credential])
        expect(() => openWith(text, sealed)).toThrow('unable to authenticate')
    }
  })

  it('a question without a nonce is refused', async () => {
    const { agent, key } = createHandler()
    for (const form of [{}, { nonce: 'short' }, { nonce: `${nonce}!` }]) {
      const answer = await sendQuestion(agent, '/ended-sessions', { ...form }, key.credential)
      expect(answer.status).toBe(400)
    }
  })
})

it('every secret has a credential of its own, and all of them are taken', async () => {
  const secrets = [cookieSecret, 'another secret with enough randomness!']
  const { agent, configuration } = createHandler({ cookies: { secrets } })
  const keys = handlerKeysOf(configuration)
  expect(new Set(keys.flatMap((key) => Object.values(key))).size).toBe(6)
  for (const { credential } of keys) {
    const answer = await sendQuestion(agent, '/ended-sessions', { nonce }, credential)
    // The newest secret seals.
    expect(openWith(keys[0]?.key ?? '', await answer.text())).toEqual([nonce, '', false])
  }
})

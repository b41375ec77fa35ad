// How often one client address may ask.
import { describe, expect, it } from 'vitest'
import { createRateLimiter } from '../../src/agent/token-bucket.ts'
import { agentUrl, spaOrigin } from '../support/browser.ts'
import { createWorld } from '../support/world.ts'

const limits = { configuration: { rateLimits: { loginsPerMinute: 2, refreshesPerMinute: 6 } } }

/** An agent that is asked from different addresses. */
async function createAsked() {
  const { agent, clock } = await createWorld(limits)
  const ask = async (path: string, address?: string) => {
    const headers = { origin: spaOrigin, 'token-handler-version': '1' }
    const method = path === '/session' ? 'GET' : 'POST'
    const response = await agent(new Request(agentUrl + path, { method, headers }), { address })
    const body = (await response.json()) as Record<string, unknown>
    return { status: response.status, code: body['error_code'], headers: response.headers }
  }
  return { ask, clock }
}

const tooMany = { status: 429, code: 'too_many_requests' }

describe('a client address', () => {
  it('that starts too many logins has to wait, and is told how long', async () => {
    const { ask, clock } = await createAsked()
    for (let count = 0; count < 2; count++) {
      expect(await ask('/login/start', '192.0.2.1')).toMatchObject({ status: 200 })
    }
    const answer = await ask('/login/start', '192.0.2.1')
    expect(answer).toMatchObject(tooMany)
    expect(answer.headers.get('retry-after')).toBe('30')
    expect(answer.headers.get('access-control-expose-headers')).toContain('Retry-After')
    clock.now += 30_000
    expect(await ask('/login/start', '192.0.2.1')).toMatchObject({ status: 200 })
    expect(await ask('/login/start', '192.0.2.1')).toMatchObject(tooMany)
  })

  it('that ends too many logins has to wait', async () => {
    const { ask } = await createAsked()
    for (let count = 0; count < 2; count++) {
      expect(await ask('/login/end', '192.0.2.1')).toMatchObject({ code: 'invalid_request' })
    }
    expect(await ask('/login/end', '192.0.2.1')).toMatchObject(tooMany)
  })

  it('that refreshes too often has to wait', async () => {
    const { ask } = await createAsked()
    for (let count = 0; count < 6; count++) {
      expect(await ask('/refresh', '192.0.2.1')).toMatchObject({ code: 'session_expired' })
    }
    const answer = await ask('/refresh', '192.0.2.1')
    expect(answer).toMatchObject(tooMany)
    expect(answer.headers.get('retry-after')).toBe('10')
    expect(answer.headers.getSetCookie()).toEqual([])
  })

  it('does not count for another', async () => {
    const { ask } = await createAsked()
    for (let count = 0; count < 3; count++) await ask('/login/start', '192.0.2.1')
    expect(await ask('/login/start', '192.0.2.2')).toMatchObject({ status: 200 })
  })

  it('can always sign out and ask for the session', async () => {
    const { ask } = await createAsked()
    for (let count = 0; count < 50; count++) {
      expect(await ask('/logout', '192.0.2.1')).toMatchObject({ status: 200 })
      expect(await ask('/session', '192.0.2.1')).toMatchObject({ status: 200 })
    }
  })

  it('is not limited where the host does not know it', async () => {
    const { ask } = await createAsked()
    for (let count = 0; count < 5; count++) {
      expect(await ask('/login/start')).toMatchObject({ status: 200 })
    }
  })
})

describe('the limiter', () => {
  it.each([
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff', true],
    ['2001:db8::1', '2001:db8:0:0:1::', true],
    ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
    ['::ffff:192.0.2.1', '192.0.2.1', true],
    ['::1', '::2', true],
    ['192.0.2.1', '192.0.2.2', false],
  ])('counts %s and %s together: %s', (one, other, together) => {
    const limiter = createRateLimiter(1, () => 0)
    expect(limiter(one)).toBeUndefined()
    expect(limiter(other) !== undefined).toBe(together)
  })

  it('remembers ten thousand addresses, and forgets the one that was seen least recently', () => {
    const limiter = createRateLimiter(1, () => 0)
    for (let count = 0; count < 10_001; count++) limiter(`10.0.${count >> 8}.${count & 255}`)
    expect(limiter('10.0.0.1')).toBe(60)
    expect(limiter('10.0.0.0')).toBeUndefined()
  })

  it('is not fooled by a clock that goes back', () => {
    let now = 60_000
    const limiter = createRateLimiter(1, () => now)
    expect(limiter('192.0.2.1')).toBeUndefined()
    now = 0
    expect(limiter('192.0.2.1')).toBe(60)
  })
})

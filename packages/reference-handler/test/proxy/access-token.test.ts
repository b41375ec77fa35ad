// What makes a proxy cookie usable, and what does not.
import { describe, expect, it, vi } from 'vitest'
import { sealProxyCookie } from '../../src/sealing/proxy-cookie.ts'
import {
  authorize,
  cookie,
  cookieName,
  expiresAt,
  issuedAt,
  refusal,
  sealer,
} from './proxy-under-test.ts'

describe('the proxy cookie', () => {
  it('is asked for with a challenge when there is none', async () => {
    for (const header of [undefined, 'theme=dark', `x${cookieName}=${cookie}`]) {
      expect(await authorize({ headers: { cookie: header } })).toEqual(
        refusal('unauthorized', { 'www-authenticate': 'Bearer realm="token-handler"' }),
      )
    }
  })

  it.each([
    ['tampered', `${cookieName}=${cookie.slice(0, -1)}`],
    ['made up', `${cookieName}=planted`],
    ['empty', `${cookieName}=`],
    ['doubled', `${cookieName}=${cookie}; ${cookieName}=${cookie}`],
  ])('is of no use when it is %s', async (_title, header) => {
    expect(await authorize({ headers: { cookie: header } })).toEqual(
      refusal('unauthorized', { 'www-authenticate': 'Bearer error="invalid_token"' }),
    )
  })

  it('is of no use when it is made up, also where a library has replaced Promise', async () => {
    vi.stubGlobal('Promise', class<Value> extends Promise<Value> {})
    const headers = { cookie: `${cookieName}=planted` }
    const decision = await authorize({ headers }).finally(() => vi.unstubAllGlobals())
    expect(decision).toMatchObject({ kind: 'refuse', code: 'unauthorized' })
  })

  it('cannot be a session cookie', async () => {
    const session = await sealer.seal('session', ['token', issuedAt, expiresAt])
    expect(await authorize({ headers: { cookie: `${cookieName}=${session}` } })).toMatchObject({
      code: 'unauthorized',
    })
  })

  it('is of no use from the moment its access token expires', async () => {
    expect(await authorize({ now: expiresAt - 1 })).toMatchObject({ kind: 'forward' })
    expect(await authorize({ now: expiresAt })).toEqual(
      refusal('unauthorized', { 'www-authenticate': 'Bearer error="invalid_token"' }),
    )
  })

  it('is good for as long as the API accepts its access token, when nobody knows its end', async () => {
    const opaque = await sealProxyCookie(sealer, { accessToken: 'opaque', issuedAt })
    const headers = { cookie: `${cookieName}=${opaque}` }
    const now = issuedAt + 365 * 86_400_000
    expect(await authorize({ headers, now })).toMatchObject({ kind: 'forward' })
  })
})

// Routes that name their audience, and the access tokens they get.
import { describe, expect, it } from 'vitest'
import { createAudienceReader } from '../../src/proxy/audiences.ts'
import { accessTokenJwt, createPhantomProxy, jwt } from './phantom-proxy.ts'

describe('a route that names its audience', () => {
  it.each([[{ aud: 'orders' }], [{ aud: ['others', 'orders'] }]])(
    'takes a token for it: %j',
    async (claims) => {
      const { call } = createPhantomProxy({ enabled: false }, 'orders')
      expect(await call(accessTokenJwt(claims))).toBe(accessTokenJwt(claims))
    },
  )

  it.each([
    ['others', accessTokenJwt({ aud: ['others'] })],
    ['nobody', accessTokenJwt()],
    ['who knows whom', 'opaque'],
  ])('gets no token for %s', async (_title, accessToken) => {
    const { call } = createPhantomProxy({ enabled: false }, 'orders')
    expect(await call(accessToken)).toMatch(/^unauthorized: .*audience/)
  })

  it('judges each token by itself, also when several come again and again', async () => {
    const { call } = createPhantomProxy({ enabled: false }, 'orders')
    const [ours, theirs] = [accessTokenJwt({ aud: 'orders' }), accessTokenJwt({ aud: 'others' })]
    for (let round = 0; round < 4; round += 1) {
      expect(await call(ours)).toBe(ours)
      expect(await call(theirs)).toMatch(/^unauthorized: .*audience/)
      expect(await call('opaque')).toMatch(/^unauthorized: .*audience/)
    }
  })

  it('takes the JWT of an opaque token by its audience', async () => {
    const { answerWith, call } = createPhantomProxy({}, 'orders')
    answerWith({ body: accessTokenJwt({ aud: 'orders' }) })
    expect(await call()).toBe(accessTokenJwt({ aud: 'orders' }))
    const response = { aud: 'the-proxy', token_introspection: { active: true, aud: ['orders'] } }
    answerWith({ body: jwt(response) })
    expect(await call('third')).toBe(jwt(response))
    answerWith({ body: jwt({ ...response, aud: 'orders', token_introspection: { active: true } }) })
    expect(await call('fourth')).toMatch(/^unauthorized: .*audience/)
    answerWith({ body: accessTokenJwt({ aud: 'others' }) })
    expect(await call('another')).toMatch(/^unauthorized: .*audience/)
  })
})

describe('the reader of audiences', () => {
  it('reads the token of a holder once', () => {
    const readAudiences = createAudienceReader()
    const [holder, another] = [{}, {}]
    const audiences = readAudiences(holder, accessTokenJwt({ aud: 'orders' }))
    expect(audiences).toEqual(['orders'])
    expect(readAudiences(holder, 'whatever')).toBe(audiences)
    expect(readAudiences(another, 'opaque')).toBeUndefined()
  })

  it('finds none in a JWT that names none', () => {
    expect(createAudienceReader()({}, accessTokenJwt())).toEqual([])
  })
})

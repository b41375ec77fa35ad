// Which access tokens open the demo API.
import { generateKeyPair } from 'jose'
import { expect, test } from 'vitest'
import { createToken, useDemoApi } from './demo-api-fixture.ts'
import { send } from './visitor.ts'

const api = useDemoApi()
const theirs = async (): Promise<CryptoKey> => (await generateKeyPair('ES256')).privateKey

test('an access token opens the API when it is right', async () => {
  const { status, body } = await api.call('/orders', await createToken())

  expect(status).toBe(200)
  expect(JSON.parse(body)).toMatchObject({
    orders: [{ product: 'Polar Night' }, { product: 'First Light' }, {}],
  })
})

test('an access token is asked for when there is none', async () => {
  const { status, headers } = await send(new URL('/orders', api.url()))

  expect(status).toBe(401)
  expect(headers.get('www-authenticate')).toBe('Bearer realm="demo-api"')
})

test.for<[string, () => Promise<string>]>([
  ['is no JWT', async () => 'nonsense'],
  ['is meant for another API', () => createToken({ audience: 'urn:example:other' })],
  ['comes from another issuer', () => createToken({ issuer: 'https://evil.example' })],
  ['is signed with another key', async () => createToken({ key: await theirs() })],
  ['is an ID token', () => createToken({ typ: 'JWT' })],
  ['is too old', () => createToken({ expiresIn: -1 })],
  ['is not signed', async () => `${(await createToken()).replace(/\.[^.]*$/, '')}.`],
])('an access token is refused when it %s', async ([, token]) => {
  const { status, headers, body } = await api.call('/orders', await token())

  expect(status).toBe(401)
  expect(headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
  expect(JSON.parse(body)).toEqual({ error: 'invalid_token' })
})

test('an access token is refused once it has been made to expire', async () => {
  const token = await createToken({ id: 'the-token' })
  expect((await api.call('/orders', token)).status).toBe(200)

  api.expire('the-token')

  expect((await api.call('/orders', token)).status).toBe(401)
})

test('an access token without the scope of the API is not enough', async () => {
  const { status, headers } = await api.call('/orders', await createToken({ scope: 'openid' }))

  expect(status).toBe(403)
  expect(headers.get('www-authenticate')).toBe('Bearer error="insufficient_scope", scope="orders"')
})

test('an access token is not blamed when the authorization server cannot be asked for its keys', async () => {
  api.stopAuthorizationServer()

  const { status, body } = await api.call('/orders', await createToken())

  expect(status).toBe(500)
  expect(JSON.parse(body)).toEqual({ error: 'server_error' })
})

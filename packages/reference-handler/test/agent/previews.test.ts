// Pages of further origins, such as previews, that sign in and out with URIs of their own.
import { expect, it } from 'vitest'
import { parseConfiguration } from '../../src/configuration/parse.ts'
import { validInput } from '../configuration/valid-configuration.ts'
import { callbackUrl, createWorld, isSignedIn } from '../support/world.ts'
import { spaOrigin } from '../support/browser.ts'

const preview = 'https://pr-7.app.example'
const other = 'https://pr-8.app.example'

const createPreviews = () =>
  createWorld({
    configuration: {
      trustedOrigins: [spaOrigin, preview, other],
      client: {
        redirectUris: [`${preview}/callback`],
        postLogoutRedirectUris: [`${preview}/bye`],
      },
    },
  })

it.each([
  [preview, `${preview}/callback`, `${preview}/bye`],
  [spaOrigin, callbackUrl, 'https://www.app.example/'],
  [other, callbackUrl, 'https://www.app.example/'],
])('a page of %s comes back to %s, and after a sign-out to %s', async (origin, callback, bye) => {
  const { browser, server } = await createPreviews()
  const send = (path: string, form = '') =>
    browser.send('POST', path, {
      headers: {
        origin,
        'content-type': 'application/x-www-form-urlencoded',
        cookie: [...browser.cookies].map((pair) => pair.join('=')).join('; '),
      },
      body: form,
    })
  const started = await send('/login/start')
  started.setCookies.forEach(browser.keep)
  const url = new URL(String(started.body['authorization_url']))
  expect(url.searchParams.get('redirect_uri')).toBe(callback)
  const ended = await send(
    '/login/end',
    new URLSearchParams(server.authenticate(url.href)).toString(),
  )
  ended.setCookies.forEach(browser.keep)
  expect(ended.status).toBe(200)
  expect(server.forms.at(-1)?.get('redirect_uri')).toBe(callback)
  expect(await isSignedIn(browser)).toBe(true)
  const { body } = await send('/logout')
  const logoutUrl = new URL(String(body['logout_url']))
  expect(logoutUrl.searchParams.get('post_logout_redirect_uri')).toBe(bye)
  expect(server.calls.metadata).toBe(1)
})

it.each([
  [['https://evil.example/callback'], /client\.redirectUris\[0\].* is not trusted/],
  [[`${spaOrigin}/other`], /client\.redirectUris\[0\].* has one already/],
  [[`${preview}/a`, `${preview}/b`], /client\.redirectUris\[1\].* has one already/],
])('redirect URIs that are of no or of several pages are refused: %s', (redirectUris, message) => {
  const client = { ...validInput.client, redirectUris }
  const trustedOrigins = [spaOrigin, preview]
  expect(() => parseConfiguration({ ...validInput, client, trustedOrigins })).toThrow(message)
})

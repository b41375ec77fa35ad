// From the metadata to the first API call: what a sign-in needs, and what it brings.
import { expect } from 'vitest'
import { callbackOf, pageOf } from '../browser.ts'
import { newestRefreshToken, OK, summarize } from './step.ts'
import type { Steps } from './step.ts'

/** Steps of a sign-in. */
export const signingIn: Steps<
  | 'discovery'
  | 'sign-in'
  | 'claims'
  | 'silent-sign-in'
  | 'api-call'
  | 'secret-in-header'
  | 'secret-in-body'
  | 'wrong-secret'
  | 'code-twice'
> = {
  discovery: {
    title: 'the issuer alone finds the metadata, and a sign-in starts',
    async run({ server, startHandler, openSpa }) {
      const handler = await startHandler({ issuerOnly: true })
      const url = new URL(await openSpa(handler).startLogin())
      expect(url.searchParams.get('client_id')).toBe(server.client.id)
      expect(url.searchParams.get('code_challenge_method')).toBe('S256')
    },
  },

  'sign-in': {
    title: 'a user signs in, and the session begins',
    async run({ startHandler, signIn }) {
      const handler = await startHandler()
      const { answer, spa } = await signIn(handler)
      expect(summarize(answer)).toBe(OK)
      expect(answer.body['is_logged_in']).toBe(true)
      expect((await spa.session()).body['is_logged_in']).toBe(true)
      expect(newestRefreshToken(handler)).not.toBe('')
    },
  },

  claims: {
    title: 'GET /session tells the claims of the ID token and the lifetime of the access token',
    async run({ server, traits, startHandler, signIn }) {
      const { spa } = await signIn(await startHandler())
      const { body } = await spa.session()
      expect(body['id_token_claims']).toMatchObject({ iss: server.issuer, ...traits.claims })
      expect(body['id_token_claims']).not.toHaveProperty('nonce')
      expect(body['access_token_expires_in']).toBeGreaterThan(0)
    },
  },

  'silent-sign-in': {
    title: 'a sign-in with prompt=none, of a user whom the server does not know, needs the user',
    outcome: ({ silentSignIn }) => silentSignIn,
    async run({ server, traits, startHandler, openSpa, openBrowser }) {
      const spa = openSpa(await startHandler())
      const landing = await openBrowser().open(await spa.startLogin({ prompt: 'none' }))
      if (traits.silentSignIn === 'shows its sign-in page') {
        expect(server.isSignInPage?.(pageOf(landing))).toBe(true)
        return
      }
      const answer = await spa.endLogin(callbackOf(landing))
      const refusal =
        answer.status === 401 || answer.status === 400 ? answer.body['error_code'] : ''
      expect(refusal).toBe(traits.silentSignIn === 'signs in' ? '' : traits.silentSignIn)
    },
  },

  'api-call': {
    title: 'an API behind the proxy gets an access token that it accepts',
    outcome: ({ accessToken }) => accessToken,
    async run({ startHandler, signIn, openSpa }) {
      const handler = await startHandler()
      const { spa } = await signIn(handler)
      expect(summarize(await spa.callApi())).toBe(OK)
      expect(summarize(await openSpa(handler).callApi())).toBe('401 unauthorized')
    },
  },

  'secret-in-header': {
    title: 'client_secret_basic works with an id and a secret that have "-", "_" and "." in them',
    async run({ server, startHandler, signIn }) {
      const { answer } = await signIn(await startHandler({ client: server.punctuatedClient }))
      expect(summarize(answer)).toBe(OK)
    },
  },

  'secret-in-body': {
    title: 'client_secret_post works with a secret that has characters which forms escape',
    async run({ server, startHandler, signIn }) {
      const client = server.postClient
      const { answer } = await signIn(
        await startHandler({ client, authentication: 'client_secret_post' }),
      )
      expect(summarize(answer)).toBe(OK)
    },
  },

  'wrong-secret': {
    title: 'a wrong client secret ends the login, and the log points at the client',
    outcome: ({ wrongSecret }) => wrongSecret,
    async run({ server, traits, startHandler, signIn }) {
      const { id, secret } = server.client
      const handler = await startHandler({ client: { id, secret: secret.replace(/^./, 'x') } })
      const { answer } = await signIn(handler)
      if (traits.wrongSecret === 'is accepted') {
        expect(summarize(answer)).toBe(OK)
        return
      }
      expect(summarize(answer)).toBe('400 authorization_error')
      expect(handler.log()).toMatch(/invalid_client|unauthorized_client|client's id, secret/)
      expect(handler.log()).toContain('"status":400')
    },
  },

  'code-twice': {
    title: 'an authorization code that is used twice is refused the second time',
    outcome: ({ codeReuse }) => codeReuse,
    async run({ traits, startHandler, signIn, redeem }) {
      const handler = await startHandler()
      const { callback, before, answer } = await signIn(handler)
      expect(summarize(answer)).toBe(OK)
      expect(summarize(await before.endLogin(callback))).toBe('400 authorization_error')
      expect((await redeem(newestRefreshToken(handler))) === 200).toBe(
        traits.codeReuse === 'leaves the session',
      )
    },
  },
}

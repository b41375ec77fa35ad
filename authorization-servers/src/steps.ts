// What is tried at every authorization server. A server's traits say what has to come of it.
import { expect } from 'vitest'
import { callbackOf, pageOf } from './browser.ts'
import type { Handler } from './handler.ts'
import { spaUrls } from './lab.ts'
import type { Lab } from './lab.ts'
import type { Answer } from './spa.ts'
import type { Traits } from './server-kind.ts'
import type { StepId } from './step-ids.ts'

/** A step. */
export interface Step {
  /** A sentence about the user or the protocol. */
  readonly title: string
  /** What the table says where the step passes; by default that it does. */
  readonly outcome?: (traits: Traits) => string
  readonly run: (lab: Lab) => Promise<void>
}

const OK = '200'

const SESSION_EXPIRED = '401 session_expired, cookies removed'

/** An answer in short: status, error code, and whether the session's cookies are gone. */
function summarize({ status, body, cookies }: Answer): string {
  const code = typeof body['error_code'] === 'string' ? ` ${body['error_code']}` : ''
  const removed = [/-at=$/, /-session=$/].every((name) => cookies.some((line) => name.test(line)))
  return `${status}${code}${removed ? ', cookies removed' : ''}`
}

/** The refresh token that the last answer of the token endpoint with one had. */
function newestRefreshToken({ tokenCalls }: Handler): string {
  const issued = tokenCalls.map(({ answer }) => answer['refresh_token'])
  return issued.findLast((token) => typeof token === 'string') ?? ''
}

const refreshCalls = ({ tokenCalls }: Handler) =>
  tokenCalls.filter(({ grantType }) => grantType === 'refresh_token')

/** The steps, by their names. */
export const steps: Readonly<Record<StepId, Step>> = {
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

  'refresh-twice': {
    title: 'the session is refreshed, and refreshed again',
    outcome: ({ rotation }) => rotation,
    async run({ traits, startHandler, signIn }) {
      const handler = await startHandler()
      const { spa } = await signIn(handler)
      const before = await spa.session()
      for (let time = 0; time < 2; time += 1) {
        expect(summarize(await spa.refresh())).toBe(OK)
        expect(summarize(await spa.callApi())).toBe(OK)
      }
      const [first, second] = refreshCalls(handler)
      expect(first?.sent === second?.sent).toBe(traits.rotation === 'does not rotate')
      expect('id_token' in (second?.answer ?? {})).toBe(traits.idTokenAtRefresh)
      const { sub } = Object(before.body['id_token_claims'])
      expect((await spa.session()).body['id_token_claims']).toMatchObject({ sub })
    },
  },

  'ten-refreshes-at-once': {
    title:
      'ten refreshes at once are one at the authorization server, and all get the same cookies',
    async run({ startHandler, signIn }) {
      const handler = await startHandler()
      const { spa } = await signIn(handler)
      const answers = await Promise.all(Array.from({ length: 10 }, () => spa.copy().refresh()))
      expect(answers.map(summarize)).toEqual(Array.from({ length: 10 }, () => OK))
      expect(new Set(answers.map(({ cookies }) => cookies.join())).size).toBe(1)
      expect(refreshCalls(handler)).toHaveLength(1)
    },
  },

  'old-refresh-token': {
    title: 'another instance uses a refresh token again that was used before',
    outcome: ({ reuse }) => reuse,
    async run({ traits, startHandler, signIn }) {
      const handler = await startHandler()
      const other = await startHandler()
      const { spa } = await signIn(handler)
      const old = spa.copy(other.url)
      expect(summarize(await spa.refresh())).toBe(OK)

      expect(summarize(await old.refresh())).toBe(
        traits.reuse === 'is accepted' ? OK : SESSION_EXPIRED,
      )
      const newest = spa.copy(other.url)
      expect(summarize(await newest.refresh())).toBe(
        traits.reuse === 'ends the session' ? SESSION_EXPIRED : OK,
      )
    },
  },

  'access-token-expiry': {
    title: 'when the access token has expired, the proxy says so, and a refresh brings another one',
    async run({ startHandler, signIn }) {
      const handler = await startHandler()
      const { spa, answer } = await signIn(handler)
      handler.advance(Number(answer.body['access_token_expires_in']) + 1)
      expect(summarize(await spa.callApi())).toBe('401 unauthorized')
      expect((await spa.session()).body['is_logged_in']).toBe(true)
      expect(summarize(await spa.refresh())).toBe(OK)
      expect(summarize(await spa.callApi())).toBe(OK)
    },
  },

  'session-end': {
    title: 'a session that was ended at the authorization server ends with the next refresh',
    async run({ server, startHandler, signIn }) {
      const handler = await startHandler()
      const { spa } = await signIn(handler)
      await server.endGrant?.(newestRefreshToken(handler))
      expect(summarize(await spa.refresh())).toBe(SESSION_EXPIRED)
      expect((await spa.session()).body).toEqual({ is_logged_in: false })
    },
  },

  'unknown-refresh-token': {
    title: 'a refresh token that the server does not know, as when it was purged, ends the session',
    async run({ startHandler, signIn }) {
      const { spa } = await signIn(await startHandler())
      const other = await startHandler({ sendsUnknownRefreshTokens: true })
      expect(summarize(await spa.copy(other.url).refresh())).toBe(SESSION_EXPIRED)
    },
  },

  'sign-out': {
    title: 'a sign-out removes the cookies, and revokes what the server can revoke',
    outcome: ({ revocation }) => revocation,
    async run({ traits, startHandler, signIn, redeem }) {
      const handler = await startHandler()
      const { spa } = await signIn(handler)
      expect(summarize(await spa.logout())).toBe(`${OK}, cookies removed`)
      expect((await spa.session()).body).toEqual({ is_logged_in: false })
      expect(summarize(await spa.callApi())).toBe('401 unauthorized')
      expect((await redeem(newestRefreshToken(handler))) === 200).toBe(
        traits.revocation === 'revokes nothing',
      )
      expect((await spa.logout()).status).toBe(200)
    },
  },

  'sign-out-at-server': {
    title: 'a sign-out leads to the authorization server, ends its session, and comes back',
    outcome: ({ logout }) => logout ?? 'not offered',
    async run({ server, traits, startHandler, signIn, openSpa }) {
      const handler = await startHandler()
      const { spa, browser } = await signIn(handler)
      const url = (await spa.logout()).body['logout_url']
      expect(typeof url).toBe(traits.logout === undefined ? 'undefined' : 'string')
      if (typeof url !== 'string') return

      const landing = await browser.open(url)
      expect(landing.kind).toBe(traits.logout === 'at once' ? 'spa' : 'page')
      const back =
        landing.kind === 'page'
          ? await server.confirmSignOut?.(browser, landing.page)
          : callbackOf(landing)
      expect(back?.startsWith(spaUrls.postLogoutRedirectUri)).toBe(true)

      if (server.isSignInPage === undefined) return
      const again = await browser.open(await openSpa(handler).startLogin())
      expect(server.isSignInPage(pageOf(again))).toBe(true)
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

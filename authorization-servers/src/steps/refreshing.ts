// Refreshes: one after the other, at once, too late, and in vain.
import { expect } from 'vitest'
import { newestRefreshToken, OK, refreshCalls, SESSION_EXPIRED, summarize } from './step.ts'
import type { Steps } from './step.ts'

/** Steps of a session that goes on, or ends. */
export const refreshing: Steps<
  | 'refresh-twice'
  | 'ten-refreshes-at-once'
  | 'old-refresh-token'
  | 'access-token-expiry'
  | 'session-end'
  | 'unknown-refresh-token'
> = {
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
}

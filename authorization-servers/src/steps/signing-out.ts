// What a sign-out ends: the session of the SPA, the refresh token, and the session at the authorization server.
import { expect } from 'vitest'
import { callbackOf, pageOf } from '../browser.ts'
import { spaUrls } from '../lab.ts'
import { newestRefreshToken, OK, summarize } from './step.ts'
import type { Steps } from './step.ts'

/** Steps of a sign-out. */
export const signingOut: Steps<'sign-out' | 'sign-out-at-server'> = {
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
}

// Refreshes: one after the other, side by side, and after an answer that never arrived.
import type { CaseContext, ConformanceCase } from '../case.ts'
import { checkEqual } from '../failure.ts'
import {
  callWithCookies,
  checkSignedIn,
  copyCookies,
  perform,
  readResult,
  signIn,
} from '../steps.ts'

/** As many tabs as ask for a refresh at once. */
const TABS = 8

/** Lets the access token expire where that can be done, so that no refresh finds a fresh one. */
const expire = async ({ subject }: CaseContext): Promise<void> => subject.expireAccessToken?.()

const setCookiesOf = (response: Response): readonly string[] => response.headers.getSetCookie()

/** Refresh tokens that rotate must not end an honest session. */
export const refreshCases: readonly ConformanceCase[] = [
  {
    id: 'refresh-keeps-the-user',
    title: 'After a refresh the session is still of the same user',
    clause: 'OpenID Connect Core section 12.2',
    needs: [],
    run: async (context) => {
      const page = await signIn(context)
      const before = await perform(page, 'session')
      await expire(context)
      await perform(page, 'refresh')
      const after = await perform(page, 'session')
      checkEqual(after.claims?.['sub'], before.claims?.['sub'], 'sub after the refresh')
    },
  },
  {
    id: 'expired-access-token-is-not-the-end',
    title: 'A session outlives its access token: with an expired one the user is still signed in',
    clause: 'token-handler-1, session',
    needs: ['expire-access-token'],
    run: async (context) => {
      const page = await signIn(context)
      await expire(context)
      await checkSignedIn(page, true)
    },
  },
  {
    id: 'parallel-refreshes-all-succeed',
    title: `${TABS} tabs that refresh at once all succeed, and the session lives on`,
    clause: 'RFC 9700 section 4.14.2',
    needs: [],
    run: async (context) => {
      const page = await signIn(context)
      await expire(context)
      await Promise.all(Array.from({ length: TABS }, () => perform(page, 'refresh')))
      await checkSignedIn(page, true)
      await expire(context)
      await perform(page, 'refresh')
    },
  },
  {
    id: 'parallel-refreshes-share-their-cookies',
    title: `${TABS} refreshes at once with one cookie get equal cookies, so that the order of the answers does not matter`,
    clause: 'RFC 9700 section 4.14.2',
    needs: ['cookies'],
    run: async (context) => {
      const { browser } = context
      const page = await signIn(context)
      await expire(context)
      const cookies = copyCookies(browser)
      const refreshAtOnce = Array.from({ length: TABS }, () =>
        callWithCookies(context, browser, 'refresh', cookies),
      )
      const [first, ...others] = await Promise.all(refreshAtOnce)
      for (const response of others) {
        const shared = first === undefined ? [] : setCookiesOf(first)
        const same = JSON.stringify(setCookiesOf(response)) === JSON.stringify(shared)
        checkEqual(same, true, 'whether the cookies of all answers are equal')
        await readResult('refresh', response)
      }
      await checkSignedIn(page, true)
      await expire(context)
      await perform(page, 'refresh')
    },
  },
  {
    id: 'refresh-again-after-a-lost-answer',
    title: 'When the answer to a refresh is lost, the same refresh can be sent again',
    clause: 'RFC 9700 section 4.14.2',
    needs: ['cookies'],
    run: async (context) => {
      const page = await signIn(context)
      await expire(context)
      const cookies = copyCookies(context.browser)
      const lost = await callWithCookies(context, context.newBrowser(), 'refresh', cookies)
      await readResult('refresh', lost)
      await perform(page, 'refresh')
      await checkSignedIn(page, true)
      await expire(context)
      await perform(page, 'refresh')
    },
  },
  {
    id: 'refresh-after-refresh',
    title: 'A session survives refresh after refresh, though each refresh token works once',
    clause: 'RFC 6749 section 6',
    needs: ['refresh-rotation'],
    run: async (context) => {
      const page = await signIn(context)
      for (let count = 0; count < 4; count += 1) {
        await expire(context)
        await perform(page, 'refresh')
        await checkSignedIn(page, true)
      }
    },
  },
]

// Signing out: again and again, with broken cookies, and beside other things.
import type { UserBrowser } from '../browser.ts'
import type { CaseContext, ConformanceCase } from '../case.ts'
import { check, checkEqual } from '../failure.ts'
import {
  callWithCookies,
  checkSignedIn,
  cookieFor,
  copyCookies,
  perform,
  readResult,
  signIn,
} from '../steps.ts'

/** Requires that a refresh with copied cookies sets no new ones. */
async function checkWorthless(context: CaseContext, cookies: string): Promise<void> {
  const thief = context.newBrowser()
  await context.subject.expireAccessToken?.()
  await callWithCookies(context, thief, 'refresh', cookies)
  checkEqual(namesOf(thief), [], 'the list of cookies that a refresh brings after the logout')
}

const namesOf = (browser: UserBrowser): readonly string[] =>
  browser.cookies().map(({ name }) => name)

/** A case in which the cookies that come with a logout are not those that were issued. */
const brokenCookies = (
  id: string,
  title: string,
  change: (issued: string, session: { readonly name: string; readonly value: string }) => string,
): ConformanceCase => ({
  id,
  title,
  clause: 'token-handler-1, logout',
  needs: ['cookies'],
  run: async (context) => {
    const { browser } = context
    await signIn(context)
    const cookies = change(copyCookies(browser), cookieFor(browser, 'session'))
    await readResult('logout', await callWithCookies(context, browser, 'logout', cookies))
    checkEqual(namesOf(browser), [], 'the list of cookies left')
  },
})

/** Logout always succeeds, and leaves nothing behind. */
export const logoutCases: readonly ConformanceCase[] = [
  {
    id: 'logout-is-idempotent',
    title: 'Signing out again and again succeeds every time',
    clause: 'RFC 9110 section 9.2.2',
    needs: [],
    run: async (context) => {
      const page = await signIn(context)
      for (let count = 0; count < 3; count += 1) await perform(page, 'logout')
      await checkSignedIn(page, false)
    },
  },
  brokenCookies(
    'logout-with-unreadable-cookies',
    'Signing out with cookies that nobody can read succeeds, and clears them',
    (issued, { value }) => issued.replace(value, `x${value}`),
  ),
  brokenCookies(
    'logout-with-a-planted-cookie',
    'A second session cookie, planted by another host, keeps nobody from signing out',
    (issued, { name }) => `${issued}; ${name}=planted`,
  ),
  {
    id: 'logout-url-is-not-the-callers',
    title: 'Where the user goes after signing out is not for the caller to say',
    clause: 'RFC 9700 section 4.11',
    needs: [],
    run: async (context) => {
      const page = await signIn(context)
      const elsewhere = 'https://evil.example/'
      const names = ['post_logout_redirect_uri', 'redirect_uri', 'return_to', 'id_token_hint']
      const parameters = new URLSearchParams(
        Object.fromEntries(names.map((name) => [name, elsewhere])),
      )
      const response = await page.call('logout', parameters)
      if (response.status === 400) return
      const { logoutUrl = '' } = await readResult('logout', response)
      check(!logoutUrl.includes('evil.example'), 'the logout URL leads where the caller said')
    },
  },
  {
    id: 'logout-with-parameters',
    title: 'A logout may say something to the authorization server, and succeeds whatever it says',
    clause: 'token-handler-1, logout',
    needs: [],
    run: async (context) => {
      const page = await signIn(context)
      const parameters = new URLSearchParams({ ui_locales: 'sv en', unknown: 'x' })
      const { logoutUrl = '' } = await readResult('logout', await page.call('logout', parameters))
      check(!logoutUrl.includes('unknown'), 'the logout URL has a parameter that nobody listed')
      await checkSignedIn(page, false)
    },
  },
  {
    id: 'logout-ends-copies-of-the-session',
    title: 'After a logout, a copy of the session cookie brings no new tokens',
    clause: 'RFC 7009 section 1',
    needs: ['cookies'],
    run: async (context) => {
      const page = await signIn(context)
      const copy = copyCookies(context.browser)
      await perform(page, 'logout')
      await checkWorthless(context, copy)
    },
  },
  {
    id: 'logout-beside-a-refresh',
    title: 'A refresh that runs beside a logout brings no session back',
    clause: 'token-handler-1, logout',
    needs: ['cookies'],
    run: async (context) => {
      const page = await signIn(context)
      await context.subject.expireAccessToken?.()
      const copy = copyCookies(context.browser)
      const tab = context.newBrowser()
      await Promise.all([callWithCookies(context, tab, 'refresh', copy), perform(page, 'logout')])
      await checkWorthless(context, copy)
      await checkWorthless(context, copyCookies(tab))
    },
  },
  {
    id: 'logout-in-one-browser',
    title: 'A logout in one browser leaves the session in another one alone',
    clause: 'token-handler-1, logout',
    needs: ['cookies'],
    run: async (context) => {
      const page = await signIn(context)
      const elsewhere = await signIn(context, context.newBrowser())
      await perform(page, 'logout')
      await checkSignedIn(elsewhere, true)
    },
  },
]

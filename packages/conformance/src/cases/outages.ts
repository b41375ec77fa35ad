// What stands behind agent and proxy is down for a while: no session ends for that.
import type { ConformanceCase } from '../case.ts'
import { check, checkEqual } from '../failure.ts'
import {
  authenticate,
  callApi,
  checkRefusal,
  checkSignedIn,
  cookiesFor,
  copyCookies,
  perform,
  performRefused,
  signIn,
} from '../steps.ts'
import type { Subject } from '../subject.ts'

type Part = 'authorization-server' | 'api'

/** Tells a part of the story while something is down. */
async function whileDown(subject: Subject, part: Part, story: () => Promise<void>): Promise<void> {
  await subject.setAvailable?.(part, false)
  try {
    await story()
  } finally {
    await subject.setAvailable?.(part, true)
  }
}

/** Outages of authorization server and API. */
export const outageCases: readonly ConformanceCase[] = [
  {
    id: 'refresh-during-an-outage',
    title:
      'While the authorization server is down, refresh answers 502 and touches no cookie; afterwards it succeeds',
    clause: 'token-handler-1, errors',
    needs: ['authorization-server-outage'],
    run: async (context) => {
      const { subject, browser } = context
      const page = await signIn(context)
      await subject.expireAccessToken?.()
      const before = copyCookies(browser)
      await whileDown(subject, 'authorization-server', async () => {
        await performRefused(page, 'refresh', 502, 'authorization_server_error')
        await checkSignedIn(page, true)
      })
      check(copyCookies(browser) === before, 'the outage changed the cookies')
      await perform(page, 'refresh')
      await checkSignedIn(page, true)
    },
  },
  {
    id: 'login-end-during-an-outage',
    title:
      'A login that ends while the authorization server is down answers 502, and can be started anew',
    clause: 'token-handler-1, errors',
    needs: ['authorization-server-outage'],
    run: async (context) => {
      const { subject, browser } = context
      const page = browser.open(subject.origin)
      const callback = await authenticate(context, page)
      await whileDown(subject, 'authorization-server', () =>
        performRefused(page, 'endLogin', 502, 'authorization_server_error', callback),
      )
      checkEqual(cookiesFor(browser, 'login').length, 0, 'number of login cookies afterwards')
      await checkSignedIn(page, false)
      await checkSignedIn(await signIn(context), true)
    },
  },
  {
    id: 'logout-during-an-outage',
    title: 'A logout succeeds while the authorization server is down, and leaves no cookie',
    clause: 'token-handler-1, logout',
    needs: ['authorization-server-outage'],
    run: async (context) => {
      const { subject, browser } = context
      const page = await signIn(context)
      await whileDown(subject, 'authorization-server', async () => {
        await perform(page, 'logout')
      })
      checkEqual(browser.cookies().length, 0, 'number of cookies left')
      await checkSignedIn(page, false)
    },
  },
  {
    id: 'api-during-an-outage',
    title: 'While the API is down, a call answers 502 upstream_error, which the page can read',
    clause: 'RFC 9110 section 15.6.3',
    needs: ['proxy', 'api-outage'],
    run: async (context) => {
      const { subject } = context
      const page = await signIn(context)
      await whileDown(subject, 'api', async () => {
        await checkRefusal(await callApi(page, subject), 502, 'upstream_error')
      })
      checkEqual((await callApi(page, subject)).status, 200, 'status of the API afterwards')
    },
  },
]

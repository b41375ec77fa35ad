// A new key for cookies, while users are signed in.
import type { ConformanceCase } from '../case.ts'
import { check, checkEqual } from '../failure.ts'
import { authenticate, callApi, checkSignedIn, cookieFor, perform, signIn } from '../steps.ts'

/** Keys rotate without ending sessions. */
export const keyRotationCases: readonly ConformanceCase[] = [
  {
    id: 'session-after-key-rotation',
    title: 'A session outlives the rotation of the keys, and its next refresh seals it anew',
    clause: 'token-handler-1, cookies',
    needs: ['cookies', 'key-rotation', 'expire-access-token'],
    run: async (context) => {
      const { subject, browser } = context
      const page = await signIn(context)
      await subject.rotateKeys?.()
      await checkSignedIn(page, true)
      if (subject.capabilities.has('proxy')) {
        checkEqual((await callApi(page, subject)).status, 200, 'status of the API')
      }
      const before = cookieFor(browser, 'session').value
      await subject.expireAccessToken?.()
      await perform(page, 'refresh')
      check(cookieFor(browser, 'session').value !== before, 'the session cookie is the same')
      await checkSignedIn(page, true)
    },
  },
  {
    id: 'login-across-key-rotation',
    title: 'A login that began before the rotation of the keys can be ended after it',
    clause: 'token-handler-1, cookies',
    needs: ['cookies', 'key-rotation'],
    run: async (context) => {
      const page = context.browser.open(context.subject.origin)
      const callback = await authenticate(context, page)
      await context.subject.rotateKeys?.()
      await perform(page, 'endLogin', callback)
      await checkSignedIn(page, true)
    },
  },
]

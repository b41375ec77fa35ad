// How large cookies may be, how many, and what they are called.
import type { ConformanceCase } from '../case.ts'
import { check, checkEqual } from '../failure.ts'
import {
  authenticate,
  checkSignedIn,
  cookiesFor,
  copyCookies,
  perform,
  performRefused,
  signIn,
} from '../steps.ts'

/** Name and value together; browsers drop a longer cookie without a word. */
const MAX_COOKIE_BYTES = 4096

/** What common servers take as one header line. */
const MAX_HEADER_BYTES = 8192

/** Tabs sign in side by side; more logins than this at once are leftovers. */
const MAX_LOGINS = 5

/** Sizes, numbers and names. */
export const cookieLimitCases: readonly ConformanceCase[] = [
  {
    id: 'cookie-sizes',
    title: 'Each cookie has 4096 bytes at most, and all of a session together fit into 8 KiB',
    clause: 'RFC 6265bis section 5.7',
    needs: ['cookies'],
    run: async (context) => {
      const { browser } = context
      await perform(await signIn(context), 'startLogin')
      for (const { name, value } of browser.cookies()) {
        const size = name.length + value.length
        check(size <= MAX_COOKIE_BYTES, `${name} has ${size} bytes`)
      }
      const total = copyCookies(browser).length
      check(total <= MAX_HEADER_BYTES, `the Cookie header has ${total} bytes`)
    },
  },
  {
    id: 'cookie-names',
    title:
      'Every cookie has a name whose prefix makes browsers enforce Secure, Path=/ and no Domain',
    clause: 'RFC 6265bis section 4.1.3',
    needs: ['cookies'],
    run: async (context) => {
      await perform(await signIn(context), 'startLogin')
      const names = context.browser.cookies().map(({ name }) => name)
      const others = names.filter((name) => !name.startsWith('__Host-'))
      checkEqual(others, [], 'the list of cookies without the prefix __Host-')
    },
  },
  {
    id: 'login-cookies-do-not-pile-up',
    title: `Of logins that were never ended at most ${MAX_LOGINS} are kept, and the latest can be ended`,
    clause: 'token-handler-1, login start',
    needs: ['cookies'],
    run: async (context) => {
      const { subject, browser } = context
      const page = browser.open(subject.origin)
      for (let count = 0; count < 2 * MAX_LOGINS; count += 1) await perform(page, 'startLogin')
      const callback = await authenticate(context, page)
      const { length } = cookiesFor(browser, 'login')
      check(length <= MAX_LOGINS, `there are ${length} login cookies`)
      await perform(page, 'endLogin', callback)
      await checkSignedIn(page, true)
    },
  },
  {
    id: 'tokens-too-large-for-cookies',
    title: 'A login whose tokens fit into no cookie fails as 500 server_error, not silently',
    clause: 'RFC 6265bis section 5.7',
    needs: ['cookies', 'large-claims'],
    run: async (context) => {
      const { subject, browser } = context
      const page = browser.open(subject.origin)
      const callback = await authenticate(context, page, { user: 'large' })
      await performRefused(page, 'endLogin', 500, 'server_error', callback)
      checkEqual(browser.cookies().length, 0, 'number of cookies afterwards')
      await checkSignedIn(page, false)
    },
  },
]

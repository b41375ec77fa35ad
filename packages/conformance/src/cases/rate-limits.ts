// Clients that ask too often.
import type { Page } from '../browser.ts'
import type { ConformanceCase } from '../case.ts'
import { check } from '../failure.ts'
import { checkRefusal, checkSignedIn, perform, signIn } from '../steps.ts'

/** More than any client may ask of a limited agent at once. */
const MANY = 10

/** Calls an operation until it is refused for having been called too often. */
async function exhaust(page: Page, operation: 'startLogin' | 'refresh'): Promise<void> {
  for (let count = 0; count < MANY; count += 1) {
    const response = await page.call(operation)
    if (response.status !== 429) continue
    const retryAfter = response.headers.get('retry-after') ?? ''
    check(/^[1-9]\d*$/.test(retryAfter), 'Retry-After is not a number of seconds')
    return checkRefusal(response, 429, 'too_many_requests')
  }
  check(false, `${MANY} calls of ${operation} in a row are not too many`)
}

/** Limits, and what they leave alone. */
export const rateLimitCases: readonly ConformanceCase[] = [
  {
    id: 'too-many-requests-is-429',
    title:
      'A client that starts logins or refreshes too often gets 429 with Retry-After, stays signed in, and can still sign out',
    clause: 'RFC 6585 section 4',
    needs: ['rate-limit'],
    run: async (context) => {
      const page = await signIn(context)
      await context.subject.limitRates?.()
      await exhaust(page, 'startLogin')
      await exhaust(page, 'refresh')
      await checkSignedIn(page, true)
      await perform(page, 'logout')
      await checkSignedIn(page, false)
    },
  },
]

// Requests of a page that is only prefetched or prerendered: it may be shown never.
import { endpoints, operations } from '@token-handler/contract'
import type { ConformanceCase } from '../case.ts'
import { checkEqual } from '../failure.ts'
import { checkRefusal, checkSignedIn, kebab, signIn, spaHeaders, target } from '../steps.ts'

const clause = 'Fetch, Sec-Purpose'
const purposes = ['prefetch', 'prefetch;prerender', 'prefetch; anonymous-client-ip']

/** Refused for now: the page may be shown later, and try again. */
const refused = operations
  .filter((operation) => endpoints[operation].method === 'POST')
  .map((operation): ConformanceCase => ({
    id: `${kebab(operation)}-prefetched`,
    title: `${operation} is refused while its page is only prefetched or prerendered, and changes nothing`,
    clause,
    needs: [],
    run: async (context) => {
      const { subject, browser } = context
      const page = await signIn(context)
      const { url, method } = target(subject, operation)
      for (const purpose of purposes) {
        const headers = { ...spaHeaders(subject), 'sec-purpose': purpose }
        const response = await browser.sendRaw(url, { method, headers })
        checkEqual(response.headers.getSetCookie().length, 0, 'number of cookies it sets')
        await checkRefusal(response, 503, 'temporarily_unavailable')
      }
      await checkSignedIn(page, true)
    },
  }))

const answered: ConformanceCase = {
  id: 'session-prefetched',
  title: 'session is answered while its page is only prefetched or prerendered',
  clause,
  needs: [],
  run: async (context) => {
    const { subject, browser } = context
    await signIn(context)
    const { url, method } = target(subject, 'session')
    const headers = { ...spaHeaders(subject), 'sec-purpose': 'prefetch;prerender' }
    checkEqual((await browser.sendRaw(url, { method, headers })).status, 200, 'status')
  },
}

/** Cases about pages that are only prefetched or prerendered. */
export const prefetchedRequestCases: readonly ConformanceCase[] = [...refused, answered]

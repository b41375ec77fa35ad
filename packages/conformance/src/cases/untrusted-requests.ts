// Requests that are refused for where they come from, with or without a session.
import { endpoints, operations } from '@token-handler/contract'
import { VERSION_HEADER } from '@token-handler/contract'
import type { ConformanceCase } from '../case.ts'
import { checkEqual } from '../failure.ts'
import {
  checkRefusal,
  checkSignedIn,
  kebab,
  readResult,
  signIn,
  spaHeaders,
  target,
} from '../steps.ts'
import type { Subject } from '../subject.ts'

const without = (headers: Record<string, string>, name: string): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name))

/** What is wrong with the sender of a request, and the headers that show it. */
interface Distrust {
  readonly id: string
  readonly says: string
  readonly clause: string
  readonly headers: (subject: Subject) => Record<string, string>
}

const distrusts: readonly Distrust[] = [
  {
    id: 'without-version-header',
    says: 'without the version header',
    clause: 'OAuth 2.0 for Browser-Based Applications, CSRF protection with a custom header',
    headers: (subject) => without(spaHeaders(subject), VERSION_HEADER),
  },
  {
    id: 'with-another-version',
    says: 'with a version that does not exist',
    clause: 'token-handler-1',
    headers: (subject) => ({ ...spaHeaders(subject), [VERSION_HEADER]: '999' }),
  },
  {
    id: 'from-untrusted-origin',
    says: 'from an untrusted origin',
    clause: 'RFC 6454 section 7',
    headers: (subject) => ({ ...spaHeaders(subject), origin: 'https://evil.example' }),
  },
  {
    id: 'from-lookalike-origin',
    says: 'from an origin that only begins like the trusted one',
    clause: 'RFC 6454 section 5',
    headers: (subject) => ({ ...spaHeaders(subject), origin: `${subject.origin}.evil.example` }),
  },
  {
    id: 'from-null-origin',
    says: 'from the null origin',
    clause: 'RFC 6454 section 7.1',
    headers: (subject) => ({ ...spaHeaders(subject), origin: 'null' }),
  },
  {
    id: 'cross-site-without-origin',
    says: 'from another site that shows no origin',
    clause: 'Fetch Metadata Request Headers, Sec-Fetch-Site',
    headers: (subject) => ({
      ...without(spaHeaders(subject), 'origin'),
      'sec-fetch-site': 'cross-site',
    }),
  },
]

const distrusted = operations.flatMap((operation) =>
  distrusts.map(({ id, says, clause, headers }): ConformanceCase => ({
    id: `${kebab(operation)}-${id}`,
    title: `${operation} is refused ${says}, and changes nothing`,
    clause,
    needs: [],
    run: async (context) => {
      const { subject, browser } = context
      const page = await signIn(context)
      const { url, method } = target(subject, operation)
      const response = await browser.sendRaw(url, { method, headers: headers(subject) })
      checkEqual(response.headers.getSetCookie().length, 0, 'number of cookies it sets')
      await checkRefusal(response, 403, 'untrusted_request')
      await checkSignedIn(page, true)
    },
  })),
)

const distrustedApiCalls = distrusts.map(({ id, says, clause, headers }): ConformanceCase => ({
  id: `api-${id}`,
  title: `An API call is refused ${says}, though the user is signed in`,
  clause,
  needs: ['proxy'],
  run: async (context) => {
    const { subject, browser } = context
    await signIn(context)
    const response = await browser.sendRaw(subject.apiUrl, { headers: headers(subject) })
    await checkRefusal(response, 403, 'untrusted_request')
  },
}))

const apiWriteWithoutOrigin: ConformanceCase = {
  id: 'api-write-without-origin',
  title: 'An API call that could change something is refused without an Origin',
  clause: 'RFC 6454 section 7',
  needs: ['proxy', 'origin-required'],
  run: async (context) => {
    const { subject, browser } = context
    await signIn(context)
    const headers = without(spaHeaders(subject), 'origin')
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const response = await browser.sendRaw(subject.apiUrl, { method, headers })
      await checkRefusal(response, 403, 'untrusted_request')
    }
  },
}

const missingOrigin = operations
  .filter((operation) => endpoints[operation].method === 'POST')
  .map((operation): ConformanceCase => ({
    id: `${kebab(operation)}-without-origin`,
    title: `${operation} is refused without an Origin`,
    clause: 'RFC 6454 section 7',
    needs: ['origin-required'],
    run: async ({ subject, browser }) => {
      const { url, method } = target(subject, operation)
      const headers = without(spaHeaders(subject), 'origin')
      const response = await browser.sendRaw(url, { method, headers })
      await checkRefusal(response, 403, 'untrusted_request')
    },
  }))

const sameOriginRead: ConformanceCase = {
  id: 'session-without-origin',
  title: 'session answers without an Origin, as a page of the same origin sends none',
  clause: 'Fetch section 3.2, Origin header',
  needs: [],
  run: async ({ subject, browser }) => {
    const headers = { ...without(spaHeaders(subject), 'origin'), 'sec-fetch-site': 'same-origin' }
    const response = await browser.sendRaw(target(subject, 'session').url, { headers })
    await readResult('session', response)
  },
}

/** Senders that agent and proxy do not trust, and the one without an Origin that they do. */
export const untrustedRequestCases: readonly ConformanceCase[] = [
  ...distrusted,
  ...missingOrigin,
  sameOriginRead,
  ...distrustedApiCalls,
  apiWriteWithoutOrigin,
]

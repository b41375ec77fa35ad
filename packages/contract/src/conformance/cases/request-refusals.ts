// Requests to the agent that are refused for what they are, whoever is signed in.
import { endpoints, operations } from '../../endpoints.ts'
import type { Operation } from '../../endpoints.ts'
import { FORM_CONTENT_TYPE, JSON_CONTENT_TYPE, VERSION_HEADER } from '../../protocol.ts'
import type { CaseContext, ConformanceCase } from '../case.ts'
import { check, checkEqual } from '../failure.ts'
import { checkRefusal, checkSignedIn, signIn, spaHeaders, target } from '../steps.ts'
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

/** `startLogin` → `start-login`. */
const kebab = (operation: Operation): string =>
  operation.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

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
      await checkRefusal(response, 403, 'untrusted_request')
      await checkSignedIn(page, true)
    },
  })),
)

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
    checkEqual(response.status, 200, 'status')
  },
}

/** Sends a trusted request that no operation fits. */
const send = (
  { subject, browser }: CaseContext,
  path: string,
  init: { readonly method: string; readonly body?: string; readonly contentType?: string },
): Promise<Response> => {
  const { method, body, contentType } = init
  const type = contentType === undefined ? {} : { 'content-type': contentType }
  return browser.sendRaw(subject.agentUrl + path, {
    method,
    headers: { ...spaHeaders(subject), ...type },
    ...(body !== undefined && { body }),
  })
}

const misdirected: readonly ConformanceCase[] = [
  {
    id: 'unknown-path-is-404',
    title: 'A path that no operation has is not found',
    clause: 'RFC 9110 section 15.5.5',
    needs: [],
    run: async (context) => {
      for (const path of ['/nothing', '/session/', '/login', '/login/start/now']) {
        await checkRefusal(await send(context, path, { method: 'GET' }), 404, 'not_found')
      }
    },
  },
  {
    id: 'wrong-method-is-405',
    title:
      'Another method than the operation has is not allowed, and the answer names the right one',
    clause: 'RFC 9110 section 15.5.6',
    needs: [],
    run: async (context) => {
      for (const operation of operations) {
        const { path, method } = endpoints[operation]
        const response = await send(context, path, { method: method === 'GET' ? 'POST' : 'GET' })
        const allow = response.headers.get('allow') ?? ''
        await checkRefusal(response, 405, 'method_not_allowed')
        check(allow.split(/, */).includes(method), `Allow of ${path} does not name ${method}`)
      }
    },
  },
  {
    id: 'json-body-is-415',
    title: 'A body that is not form-encoded is refused',
    clause: 'RFC 9110 section 15.5.16',
    needs: [],
    run: async (context) => {
      for (const contentType of [JSON_CONTENT_TYPE, 'text/plain', 'multipart/form-data']) {
        const init = { method: 'POST', body: '{"prompt":"login"}', contentType }
        const response = await send(context, endpoints.startLogin.path, init)
        await checkRefusal(response, 415, 'unsupported_media_type')
      }
    },
  },
  {
    id: 'form-content-type-may-have-a-charset',
    title: 'A form with a charset in its content type is a form',
    clause: 'RFC 9110 section 8.3.1',
    needs: [],
    run: async (context) => {
      const contentType = `${FORM_CONTENT_TYPE};charset=UTF-8`
      const init = { method: 'POST', body: 'prompt=login', contentType }
      const response = await send(context, endpoints.startLogin.path, init)
      checkEqual(response.status, 200, 'status')
    },
  },
  {
    id: 'parameter-sent-twice-is-400',
    title: 'A parameter that is there twice is refused',
    clause: 'RFC 6749 section 3.1',
    needs: [],
    run: async (context) => {
      const init = { method: 'POST', contentType: FORM_CONTENT_TYPE }
      const twice = { ...init, body: 'prompt=login&prompt=none' }
      const started = await send(context, endpoints.startLogin.path, twice)
      await checkRefusal(started, 400, 'invalid_request')
      const ended = await send(context, endpoints.endLogin.path, {
        ...init,
        body: 'code=a&code=b&state=c',
      })
      await checkRefusal(ended, 400, 'invalid_request')
    },
  },
]

/** What the agent refuses before it looks at any session. */
export const requestRefusalCases: readonly ConformanceCase[] = [
  ...distrusted,
  ...missingOrigin,
  sameOriginRead,
  ...misdirected,
]

// What of a request reaches the API, as an API says that answers with what it received.
import { cookieName, FORM_CONTENT_TYPE } from '@token-handler/contract'
import type { CaseContext, ConformanceCase } from '../case.ts'
import { check, checkEqual } from '../failure.ts'
import { checkRefusal, signIn, spaHeaders } from '../steps.ts'
import type { EchoedRequest } from '../subject.ts'

/** Sends a request of the SPA to a place below the API. */
function requestBelow(
  context: CaseContext,
  path: string,
  init: {
    readonly method?: string
    readonly headers?: Record<string, string>
    readonly body?: string
  } = {},
): Promise<Response> {
  const { subject, browser } = context
  const headers = { ...spaHeaders(subject), ...init.headers }
  return browser.sendRaw(subject.apiUrl + path, { ...init, headers })
}

async function readEcho(response: Response): Promise<EchoedRequest> {
  checkEqual(response.status, 200, 'status of the API')
  return (await response.json()) as EchoedRequest
}

/** Headers by which a client would speak in the proxy's name, or change what was authorised. */
const forgedHeaders = {
  forwarded: 'for=forged.example',
  'x-forwarded-for': 'forged.example',
  'x-forwarded-host': 'forged.example',
  'x-forwarded-prefix': '/forged.example',
  x_forwarded_for: 'forged.example',
  'x-real-ip': 'forged.example',
  'true-client-ip': 'forged.example',
  'client-cert': ':forged:',
  'x-original-url': '/forged.example',
  'x-rewrite-url': '/forged.example',
  'x-http-method-override': 'forged.example',
  'x-method-override': 'forged.example',
  'proxy-authorization': 'Basic forged.example',
}

/** Ways to leave a path that only some servers understand. */
const hostilePaths = [
  '/..%2fsecret',
  '/%2e%2e%2fsecret',
  '/..%5csecret',
  '//secret',
  '/a%00b',
  '/%252e%252e%252fsecret',
  '/%25%32%65%25%32%65%25%32%66secret',
]

/** What the proxy hands on, what it keeps back, and what it refuses to hand on. */
export const apiRequestCases: readonly ConformanceCase[] = [
  {
    id: 'api-receives-a-bearer-token-and-no-cookie',
    title: 'The API receives a bearer token in place of the cookies and of what the client claimed',
    clause: 'RFC 6750 section 2.1',
    needs: ['proxy', 'cookies', 'echo'],
    run: async (context) => {
      await signIn(context)
      const headers = { authorization: 'Basic bWFkZTp1cA==' }
      const { headers: received } = await readEcho(await requestBelow(context, '', { headers }))
      checkEqual(received['authorization'], 'Bearer', 'the scheme the API sees')
      const suffixes = [cookieName('', 'proxy'), cookieName('', 'session')]
      const cookie = received['cookie'] ?? ''
      check(!suffixes.some((suffix) => cookie.includes(`${suffix}=`)), 'the API sees our cookies')
    },
  },
  {
    id: 'api-receives-its-token-whatever-connection-says',
    title:
      'A client cannot take the token from a request by naming it as a header of its connection',
    clause: 'RFC 9110 section 7.6.1',
    needs: ['proxy', 'echo'],
    run: async (context) => {
      await signIn(context)
      const headers = { connection: 'close, authorization, token-handler-version, origin' }
      const { headers: received } = await readEcho(await requestBelow(context, '', { headers }))
      checkEqual(received['authorization'], 'Bearer', 'the scheme the API sees')
    },
  },
  {
    id: 'api-receives-no-forged-header',
    title: 'The API receives nothing that a client says in the name of the proxy',
    clause: 'RFC 7239 section 8.1',
    needs: ['proxy', 'echo'],
    run: async (context) => {
      await signIn(context)
      const response = await requestBelow(context, '', { headers: forgedHeaders })
      const { headers } = await readEcho(response)
      const forged = Object.keys(headers).filter((name) => headers[name]?.includes('forged'))
      checkEqual(forged, [], 'the list of forged headers the API sees')
    },
  },
  {
    id: 'api-receives-the-request-as-it-is',
    title: 'Method, path and query reach the API as the page sent them',
    clause: 'RFC 9110 section 7.6',
    needs: ['proxy', 'echo'],
    run: async (context) => {
      await signIn(context)
      const path = '/deeper%20down?q=a%2Fb&q=c+d'
      const headers = { 'content-type': FORM_CONTENT_TYPE }
      const init = { method: 'PUT', body: 'a=b', headers }
      const { method, url } = await readEcho(await requestBelow(context, path, init))
      checkEqual(method, 'PUT', 'the method the API sees')
      check(url.endsWith(path), `the API sees ${url}`)
    },
  },
  {
    id: 'api-path-that-climbs-is-400',
    title: 'A path that servers read in different ways is refused, before it reaches any API',
    clause: 'RFC 3986 section 6.2.2',
    needs: ['proxy', 'echo'],
    run: async (context) => {
      await signIn(context)
      for (const path of hostilePaths) {
        await checkRefusal(await requestBelow(context, path), 400, 'invalid_request')
      }
    },
  },
  {
    id: 'api-method-off-the-allow-list-is-405',
    title: 'A method that the route does not list is not allowed',
    clause: 'RFC 9110 section 15.5.6',
    needs: ['proxy', 'echo'],
    run: async (context) => {
      await signIn(context)
      const response = await requestBelow(context, '', { method: 'PROPFIND' })
      const allow = response.headers.get('allow') ?? ''
      await checkRefusal(response, 405, 'method_not_allowed')
      check(allow.includes('GET'), 'Allow does not name GET')
    },
  },
  {
    id: 'api-without-a-route-is-404',
    title: 'A path that no route has is not found, signed in or not',
    clause: 'RFC 9110 section 15.5.5',
    needs: ['proxy', 'whole-origin'],
    run: async (context) => {
      const { subject, browser } = context
      const { origin } = new URL(subject.apiUrl)
      const init = { headers: spaHeaders(subject) }
      for (const path of ['/nothing', '/', '/apis']) {
        await checkRefusal(await browser.sendRaw(origin + path, init), 404, 'not_found')
      }
      await signIn(context)
      await checkRefusal(await browser.sendRaw(`${origin}/nothing`, init), 404, 'not_found')
    },
  },
]

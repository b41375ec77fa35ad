// What all answers of agent and proxy have in common, looked at over one long visit.
import { deviceBindingHeaders, operations } from '@token-handler/contract'
import { JSON_CONTENT_TYPE } from '@token-handler/contract'
import { errorResponse } from '@token-handler/contract/schemas'
import type { Exchange } from '../browser.ts'
import type { CaseContext, ConformanceCase } from '../case.ts'
import { check, checkEqual } from '../failure.ts'
import { authenticate, callApi, perform, signIn, target } from '../steps.ts'

/** Goes through every operation, well and not, and gives back all that agent and proxy said themselves. */
async function longVisit(context: CaseContext): Promise<readonly Exchange[]> {
  const { subject, browser } = context
  const page = browser.open(subject.origin)
  await page.call('refresh')
  await page.call('endLogin', new URLSearchParams({ code: 'made-up', state: 'made-up' }))
  await page.call('endLogin', await authenticate(context, page, { error: 'access_denied' }))
  await page.call('startLogin', new URLSearchParams({ made_up: 'x' }))
  await page.call('session')
  const hasProxy = subject.capabilities.has('proxy')
  // Nobody is signed in: these are answers of the proxy, not of the API.
  if (hasProxy) await callApi(page, subject)
  if (hasProxy) await browser.sendRaw(subject.apiUrl, { headers: { origin: subject.origin } })
  await signIn(context)
  await perform(page, 'session')
  await perform(page, 'refresh')
  for (const operation of operations) {
    const { url, method } = target(subject, operation)
    await browser.sendRaw(url, { method })
    await browser.sendRaw(url, { method: 'DELETE', headers: { origin: subject.origin } })
  }
  await browser.sendRaw(`${subject.agentUrl}/nothing`)
  await perform(page, 'logout')
  return browser.exchanges().filter(({ method }) => method !== 'OPTIONS')
}

/** A case that looks at every answer of a long visit. */
const everyAnswer = (
  id: string,
  title: string,
  clause: string,
  look: (exchange: Exchange) => void,
): ConformanceCase => ({
  id,
  title,
  clause,
  needs: [],
  run: async (context) => (await longVisit(context)).forEach(look),
})

const named = ({ method, url, status }: Exchange): string => `${method} ${url} (${status})`

/** What the agent has sealed for itself; challenges are worth nothing without the device's key. */
const opaque: readonly string[] = [
  'set-cookie',
  deviceBindingHeaders.registration,
  deviceBindingHeaders.challenge,
]

/** Long base64url runs joined by dots: a JWT, a JWS or a JWE, whatever it says inside. */
const TOKEN = /[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/

/** Content type, what may be done with it, error bodies, and no token anywhere. */
export const answerCases: readonly ConformanceCase[] = [
  everyAnswer(
    'exact-content-type',
    'Every answer is JSON, and its content type is exactly application/json',
    'token-handler-1; RFC 8259 section 11',
    (exchange) => {
      const type = exchange.headers.get('content-type')
      checkEqual(type, JSON_CONTENT_TYPE, `content type of ${named(exchange)}`)
      JSON.parse(exchange.body)
    },
  ),
  everyAnswer(
    'never-stored',
    'No answer may be stored by any cache',
    'RFC 9111 section 5.2.2.5',
    (exchange) => {
      const cacheControl = exchange.headers.get('cache-control') ?? ''
      check(/\bno-store\b/.test(cacheControl), `${named(exchange)} may be stored`)
    },
  ),
  everyAnswer(
    'never-in-a-service-workers-cache',
    'No answer may be kept by a service worker, whose caches refuse only what varies by everything',
    'Service Workers section 5.4.5, Cache.put',
    (exchange) => {
      const names = (exchange.headers.get('vary') ?? '').split(',').map((name) => name.trim())
      check(names.includes('*'), `Vary of ${named(exchange)} is not *`)
    },
  ),
  everyAnswer(
    'never-sniffed',
    'No answer may be taken for another content type than it has',
    'Fetch section 3.6, X-Content-Type-Options',
    (exchange) => {
      const option = exchange.headers.get('x-content-type-options')
      checkEqual(option, 'nosniff', `X-Content-Type-Options of ${named(exchange)}`)
    },
  ),
  everyAnswer(
    'never-a-referrer',
    'No answer lets its URL travel on as a referrer',
    'RFC 9700 section 4.2.4',
    (exchange) => {
      const policy = exchange.headers.get('referrer-policy')
      checkEqual(policy, 'no-referrer', `Referrer-Policy of ${named(exchange)}`)
    },
  ),
  everyAnswer(
    'documented-errors',
    'Every error is the documented JSON, and no success looks like one',
    'token-handler-1, errors',
    (exchange) => {
      const isError = errorResponse.safeParse(JSON.parse(exchange.body)).success
      checkEqual(isError, exchange.status >= 400, `having an error body, ${named(exchange)},`)
    },
  ),
  everyAnswer(
    'no-token-in-any-body',
    'No body contains anything that looks like a token',
    'OAuth 2.0 for Browser-Based Applications, backend for frontend',
    (exchange) => check(!TOKEN.test(exchange.body), `${named(exchange)} looks like it has a token`),
  ),
  everyAnswer(
    'no-token-in-any-header',
    'No header contains anything that looks like a token, but Set-Cookie and the challenges for browsers',
    'OAuth 2.0 for Browser-Based Applications, backend for frontend',
    (exchange) => {
      const found = [...exchange.headers]
        .filter(([name, value]) => !opaque.includes(name) && TOKEN.test(value))
        .map(([name]) => name)
      checkEqual(found, [], `the list of headers with a token, of ${named(exchange)},`)
    },
  ),
]

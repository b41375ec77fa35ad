// Finding out about a deployment by signing in once.
import { deviceBindingHeaders, isHttpUrl, tokenHandler1 } from '@token-handler/contract'
import { createUserBrowser } from '../index.ts'
import type { Capability, Page, Subject, UserBrowser } from '../index.ts'
import * as z from 'zod'
import type { Learned } from './deployed-subject.ts'
import { sendOverHttp } from './send.ts'

const echo = z.object({
  method: z.string(),
  url: z.string(),
  headers: z.record(z.string(), z.string()),
})

/**
 * Signs in and out once. What goes wrong at the agent is left for the cases to find.
 *
 * @throws what the way of signing in fails with: then no case could sign in
 */
export async function learn(subject: Subject): Promise<Learned> {
  const browser = createUserBrowser(subject)
  const page = browser.open(subject.origin)
  const authorizationUrl = await startLogin(page)
  if (authorizationUrl === undefined) return { capabilities: [] }
  const callback = new URL(await subject.authenticate(authorizationUrl)).searchParams
  const issuer = callback.get('iss') ?? undefined
  const capabilities: readonly Capability[] = [
    ...(callback.has('response') ? ['jarm' as const] : []),
    ...(await learnFromSession(subject, page, browser, callback)),
    ...((await promisesIssuer(issuer)) ? ['response-issuer' as const] : []),
  ]
  return { capabilities, ...(issuer !== undefined && { issuer }) }
}

const promise = z.object({ authorization_response_iss_parameter_supported: z.literal(true) })

/**
 * Whether the issuer's metadata promises what its response did: a client need not miss what was never promised.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9207#section-2.4 RFC 9207 section 2.4}
 */
async function promisesIssuer(issuer: string | undefined): Promise<boolean> {
  if (issuer === undefined || !isHttpUrl(issuer)) return false
  try {
    const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
    const response = await sendOverHttp(new Request(url, { redirect: 'manual' }))
    return promise.safeParse(await response.json()).success
  } catch {
    return false
  }
}

async function startLogin(page: Page): Promise<string | undefined> {
  try {
    const body: unknown = await (await page.call('startLogin')).json()
    return tokenHandler1.decodeResult('startLogin', body)?.authorizationUrl
  } catch {
    return undefined
  }
}

/** Ends the login, looks whether the agent offers to bind the session and whether the API echoes, and signs out. */
async function learnFromSession(
  { apiUrl, capabilities }: Subject,
  page: Page,
  browser: UserBrowser,
  callback: URLSearchParams,
): Promise<readonly Capability[]> {
  const learned: Capability[] = []
  try {
    await page.call('endLogin', callback)
    // Pages cannot read the header, so it is looked for in what went over the wire.
    const isOffered = browser
      .exchanges()
      .some(({ headers }) => headers.has(deviceBindingHeaders.registration))
    if (isOffered) learned.push('device-binding')
    if (!capabilities.has('proxy')) return learned
    const init = { credentials: 'include', headers: tokenHandler1.headers } as const
    const answer: unknown = await (await page.fetch(`${apiUrl}/below`, init)).json()
    if (echo.safeParse(answer).success) learned.push('echo')
    return learned
  } catch {
    return learned
  } finally {
    await page.call('logout').catch(() => undefined)
  }
}

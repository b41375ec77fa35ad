// Finding out about a deployment by signing in once.
import { tokenHandler1 } from '@token-handler/contract'
import { createUserBrowser } from '../index.ts'
import type { Capability, Page, Subject } from '../index.ts'
import * as z from 'zod'
import type { Learned } from './deployed-subject.ts'

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
  const page = createUserBrowser(subject).open(subject.origin)
  const authorizationUrl = await startLogin(page)
  if (authorizationUrl === undefined) return { capabilities: [] }
  const callback = new URL(await subject.authenticate(authorizationUrl)).searchParams
  const issuer = callback.get('iss') ?? undefined
  const capabilities: readonly Capability[] = [
    ...(callback.has('response') ? ['jarm' as const] : []),
    ...((await endsAtAnEcho(subject, page, callback)) ? ['echo' as const] : []),
  ]
  return { capabilities, ...(issuer !== undefined && { issuer }) }
}

async function startLogin(page: Page): Promise<string | undefined> {
  try {
    const body: unknown = await (await page.call('startLogin')).json()
    return tokenHandler1.decodeResult('startLogin', body)?.authorizationUrl
  } catch {
    return undefined
  }
}

/** Ends the login, looks whether the API echoes, and signs out. */
async function endsAtAnEcho(
  { apiUrl, capabilities }: Subject,
  page: Page,
  callback: URLSearchParams,
): Promise<boolean> {
  try {
    await page.call('endLogin', callback)
    if (!capabilities.has('proxy')) return false
    const init = { credentials: 'include', headers: tokenHandler1.headers } as const
    return echo.safeParse(await (await page.fetch(`${apiUrl}/below`, init)).json()).success
  } catch {
    return false
  } finally {
    await page.call('logout').catch(() => undefined)
  }
}

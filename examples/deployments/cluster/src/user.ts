// A user with two tabs: signs in, calls an API and refreshes, and says what came of it.
import { signIn } from '../../../../packages/local-stack/test/authorization-client.ts'
import { createVisitor } from '../../../../packages/local-stack/test/visitor.ts'
import { createBrowser } from '../../../../packages/reference-handler/test/support/browser.ts'
import type { AgentAnswer } from '../../../../packages/reference-handler/test/support/browser.ts'
import type { Cluster } from './cluster.ts'

/** Milliseconds after which a page gives a request up. */
const GIVEN_UP_AFTER = 30_000

/** What a page got: the status, and the code that says why. */
export interface UserAnswer {
  readonly kind: string
  readonly milliseconds: number
}

export interface User {
  /** The refreshes of two tabs at the same time, as after a call in each was answered with 401. */
  readonly refresh: () => Promise<readonly UserAnswer[]>
  readonly callApi: () => Promise<UserAnswer>
  /** Whether an answer has said that the session is over. */
  readonly isSignedOut: () => boolean
}

/** Creates a user who has signed in, through the pages of the authorization server. */
export async function createUser({ url, spaOrigin }: Cluster): Promise<User> {
  let isSignedOut = false
  const browser = createBrowser(
    async (request) => {
      const { method, headers } = request
      headers.set('origin', spaOrigin)
      const body = (await request.text()) || null
      const { pathname } = new URL(request.url)
      const signal = AbortSignal.timeout(GIVEN_UP_AFTER)
      const answer = await fetch(url + pathname, { method, headers, body, signal })
      const isOurs = answer.headers.get('content-type')?.startsWith('application/json')
      // The load balancer's own answers are pages.
      return isOurs ? answer : new Response(null, { status: answer.status })
    },
    () => {},
  )

  async function ask(send: () => Promise<AgentAnswer>): Promise<UserAnswer> {
    const start = performance.now()
    const answer = await send().catch(() => undefined)
    const milliseconds = performance.now() - start
    if (answer === undefined) return { kind: 'no answer', milliseconds }
    answer.setCookies.forEach(browser.keep)
    const { error_code: code } = answer.body
    if (code === 'session_expired') isSignedOut = true
    const reason = typeof code === 'string' ? code : 'of the load balancer'
    const kind = answer.status === 200 ? '200' : `${answer.status} ${reason}`
    return { kind, milliseconds }
  }

  const { body } = await browser.post('/login/start')
  const callback = await signIn(createVisitor(), String(body['authorization_url']))
  const { status } = await browser.post('/login/end', callback.searchParams)
  if (status !== 200) throw new Error(`The sign-in failed with ${status}.`)

  return {
    isSignedOut: () => isSignedOut,
    refresh: () => Promise.all([1, 2].map(() => ask(() => browser.send('POST', '/refresh')))),
    callApi: () => ask(() => browser.send('GET', '/../api/orders')),
  }
}

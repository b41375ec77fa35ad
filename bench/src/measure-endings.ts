// How soon a session that the authorization server ends is refused, by an instance that was not told.
import type { ServerProcess } from './processes.ts'
import { cookieHeader, requestHeaders, signIn } from './sign-in.ts'

/** Two instances that share a store, and their authorization server. */
export interface EndingPlan {
  /** Gets the logout tokens. */
  readonly one: ServerProcess
  /** Gets the API calls. */
  readonly other: ServerProcess
  readonly authorizationServer: ServerProcess
  /** How many sessions there are; each is ended. */
  readonly sessions: number
}

/** Sessions that are ended at the same time. */
const CONCURRENCY = 8

/** Milliseconds between two API calls of a session that waits for its end. */
const CALLED_EVERY = 10

interface Session {
  readonly sid: string
  readonly cookie: string
}

/** Resolves with the milliseconds from each logout token to the first 401. */
export async function measureEndings(plan: EndingPlan): Promise<readonly number[]> {
  const { one, other, authorizationServer, sessions } = plan
  const waiting: Session[] = []
  await inParallel(sessions, async (index) => {
    const sid = `session-${index}`
    waiting.push({ sid, cookie: cookieHeader(await signIn(`${one.url}/oauth-agent`, { sid })) })
  })

  async function callApi({ cookie }: Session): Promise<number> {
    const response = await fetch(`${other.url}/api/1k`, { headers: { ...requestHeaders, cookie } })
    await response.arrayBuffer()
    return response.status
  }

  const times: number[] = []
  await inParallel(sessions, async (index) => {
    const session = waiting[index]
    if (session === undefined) throw new Error('There is a session for each.')
    if ((await callApi(session)) !== 200) throw new Error('The session is over before its end.')
    const asked = await fetch(`${authorizationServer.url}/logout-token?sid=${session.sid}`)
    const body = new URLSearchParams(Object(await asked.json()))
    const start = performance.now()
    const answer = await fetch(`${one.url}/oauth-agent/backchannel-logout`, {
      method: 'POST',
      body,
    })
    if (answer.status !== 200) throw new Error(`The logout was answered with ${answer.status}.`)
    while ((await callApi(session)) !== 401) {
      await new Promise((resolve) => setTimeout(resolve, CALLED_EVERY))
    }
    times.push(performance.now() - start)
  })
  return times
}

async function inParallel(count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0
  const lane = async () => {
    while (next < count) await work(next++)
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, lane))
}

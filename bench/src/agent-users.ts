// Users of the agent at work side by side, each with the headers of a browser and a jar of cookies.
import { Pool } from 'undici'
import { browserHeaders } from './load.ts'
import { answerAuthorization, cookieHeader } from './sign-in.ts'
import type { Jar } from './sign-in.ts'

/** Users of one agent; each of them does one thing at a time. */
export interface Users {
  readonly signIn: (count: number) => Promise<void>
  readonly refresh: (count: number) => Promise<void>
  readonly readSessions: (count: number) => Promise<void>
  /** The `Cookie` header of a further session. */
  readonly cookies: () => Promise<string>
}

/** Signs users in at an agent. */
export async function createUsers(agentUrl: string, count: number): Promise<Users> {
  const { origin, pathname } = new URL(agentUrl)
  const pool = new Pool(origin, { connections: count, pipelining: 1, keepAliveTimeout: 60_000 })

  /** One call; the jar is brought up to date, as by a browser. */
  async function call(method: 'GET' | 'POST', path: string, jar: Jar, form?: URLSearchParams) {
    const { statusCode, headers, body } = await pool.request({
      method,
      path: pathname + path,
      headers: {
        ...browserHeaders,
        ...(jar.size > 0 && { cookie: cookieHeader(jar) }),
        ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      body: form?.toString() ?? null,
    })
    const answer = Object(await body.json())
    if (statusCode !== 200) throw new Error(`${method} ${path} was answered with ${statusCode}.`)
    for (const line of [headers['set-cookie'] ?? []].flat()) {
      const [pair = ''] = line.split(';', 1)
      const equals = pair.indexOf('=')
      const [name, value] = [pair.slice(0, equals), pair.slice(equals + 1)]
      if (value === '') jar.delete(name)
      else jar.set(name, value)
    }
    return answer
  }

  async function signIn(): Promise<Jar> {
    const jar: Jar = new Map()
    const { authorization_url: url } = await call('POST', '/login/start', jar)
    await call('POST', '/login/end', jar, answerAuthorization(String(url)))
    return jar
  }

  const jars: Jar[] = []
  for (let user = 0; user < count; user += 1) jars.push(await signIn())

  const share = (work: (jar: Jar) => Promise<unknown>) => async (operations: number) => {
    let left = operations
    const go = async (jar: Jar) => {
      while (left > 0) {
        left -= 1
        await work(jar)
      }
    }
    await Promise.all(jars.map(go))
  }

  return {
    signIn: share(signIn),
    refresh: share((jar) => call('POST', '/refresh', jar)),
    readSessions: share((jar) => call('GET', '/session', jar)),
    cookies: async () => cookieHeader(await signIn()),
  }
}

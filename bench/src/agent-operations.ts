// How many operations the agent does, with an authorization server that answers at once.
import type { ServerProcess } from './processes.ts'
import { callAgent, signIn } from './sign-in.ts'

/** One kind of operation. */
export interface OperationFigures {
  readonly name: string
  /** Microseconds per operation. */
  readonly cpuTime: number
  readonly perSecond: number
}

const CONCURRENCY = 8

/** Measures logins, refreshes and session reads, each by eight users at a time. */
export async function measureOperations(
  server: ServerProcess,
  count: number,
): Promise<OperationFigures[]> {
  const agentUrl = `${server.url}/oauth-agent`
  const jars = await Promise.all(Array.from({ length: CONCURRENCY }, () => signIn(agentUrl)))

  async function measureOne(name: string, operate: (user: number) => Promise<unknown>) {
    const before = { cpu: server.cpuTime(), at: performance.now() }
    const each = Math.ceil(count / CONCURRENCY)
    const work = async (user: number) => {
      for (let done = 0; done < each; done += 1) await operate(user)
    }
    await Promise.all(jars.map((_jar, user) => work(user)))
    const seconds = (performance.now() - before.at) / 1000
    const total = each * CONCURRENCY
    return { name, cpuTime: (server.cpuTime() - before.cpu) / total, perSecond: total / seconds }
  }

  const call = (method: 'GET' | 'POST', path: string) => (user: number) =>
    callAgent(agentUrl, [method, path], jars[user] ?? new Map())
  return [
    await measureOne('login, start to end', () => signIn(agentUrl)),
    await measureOne('refresh', call('POST', '/refresh')),
    await measureOne('session', call('GET', '/session')),
  ]
}

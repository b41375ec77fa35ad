// A load balancer in front of the processes of the handler.
import type { OAuthAgent } from '../../../reference-handler/src/agent/oauth-agent.ts'
import { sessionName } from '../../../reference-handler/test/support/answers.ts'

/** How the load balancer chooses: in turn, or by the session cookie, so that one session has one process. */
export type Balancing = 'round-robin' | 'hash'

const readSession = (request: Request): string =>
  new RegExp(`${sessionName}=([^;]+)`).exec(request.headers.get('cookie') ?? '')?.[1] ?? ''

/** Sum of all bytes: as good as any hash for two processes and random text. */
const hash = (text: string): number =>
  new TextEncoder().encode(text).reduce((sum, byte) => sum + byte, 0)

/** Puts a load balancer in front of agents. */
export function balance(agents: readonly OAuthAgent[], balancing: Balancing): OAuthAgent {
  let turn = 0
  return async (request, client) => {
    const choice = balancing === 'hash' ? hash(readSession(request)) : turn++
    const agent = agents[choice % agents.length]
    if (agent === undefined) throw new Error('There is no process.')
    return await agent(request, client)
  }
}

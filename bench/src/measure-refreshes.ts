// Refreshes of several handlers side by side.
import { callAgent, signIn } from './sign-in.ts'
import type { Variant } from './measure.ts'
import { measureInTurns } from './turns.ts'
import type { TurnFigures } from './turns.ts'

const USERS = 8
const REFRESHES = 160

/** Measures refreshes by eight users at a time, as CPU time of the handler alone. */
export async function measureRefreshes(
  variants: readonly Omit<Variant, 'cookies'>[],
  rounds: number,
): Promise<TurnFigures[]> {
  const lanes = await Promise.all(
    variants.flatMap(({ servers }, variant) =>
      servers.map(async (server) => {
        const agentUrl = `${server.url}/oauth-agent`
        const jars = await Promise.all(Array.from({ length: USERS }, () => signIn(agentUrl)))
        return { variant, server, agentUrl, jars }
      }),
    ),
  )
  const names = variants.map(({ name }) => name)
  return await measureInTurns(
    names,
    lanes,
    { rounds, operations: REFRESHES },
    ({ agentUrl, jars }) =>
      Promise.all(
        jars.map(async (jar) => {
          for (let done = 0; done < REFRESHES / USERS; done += 1) {
            await callAgent(agentUrl, ['POST', '/refresh'], jar)
          }
        }),
      ),
  )
}

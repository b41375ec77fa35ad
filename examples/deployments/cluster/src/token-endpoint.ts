// What stands between the handlers and the token endpoint: it knows which instance has used which refresh token, and can
// be an authorization server with a grace period.
import { startBackChannel } from '../../../../packages/local-stack/test/refresh/back-channel.ts'
import { createNodeFetch } from '@token-handler/reference-handler/fastify'
import type { BackChannel } from '../../../../packages/local-stack/test/refresh/back-channel.ts'

/** The token endpoint as the handlers reach it. */
export interface TokenEndpoint extends Pick<BackChannel, 'stop'> {
  /** Below this URL, one instance finds `/token` and `/jwks`. */
  readonly urlFor: (instance: string) => string
  /** Sets for how many milliseconds a refresh token that was used gets the same answer again. */
  readonly setGracePeriod: (milliseconds: number) => void
  /**
   * For each refresh token that was used more than once, since this was asked for the last time: the instance that had
   * got the answer to its first use.
   */
  readonly takeUsedTwice: () => readonly string[]
}

interface Use {
  readonly instance: string
  readonly at: number
  readonly answer: Response
}

/** Starts it in front of an authorization server. */
export async function startTokenEndpoint(issuer: string): Promise<TokenEndpoint> {
  const uses = new Map<string, Use>()
  const usedTwice = new Map<string, string>()
  let gracePeriod = 0

  const { url, stop } = await startBackChannel(
    issuer,
    createNodeFetch(),
    async ({ path, refreshToken, relay }) => {
      const [, instance = '', endpoint = ''] = path.split('/')
      const ask = () => relay(`/${endpoint}`)
      if (refreshToken === undefined) return await ask()
      const known = uses.get(refreshToken)
      if (known !== undefined) {
        usedTwice.set(refreshToken, known.instance)
        if (Date.now() - known.at < gracePeriod) return known.answer.clone()
      }
      const answer = await ask()
      if (answer.ok) uses.set(refreshToken, { instance, at: Date.now(), answer: answer.clone() })
      return answer
    },
  )

  return {
    stop,
    urlFor: (instance) => `${url}/${instance}`,
    setGracePeriod: (milliseconds) => void (gracePeriod = milliseconds),
    takeUsedTwice() {
      const taken = [...usedTwice.values()]
      usedTwice.clear()
      return taken
    },
  }
}

// What a client of profile `agent-node` remembers, and which requests its operations take.
import { isObject } from './json.ts'
import type { AgentAnswer, AgentRequest, ClientProfile, ProfileConnection } from './profile.ts'

export interface ConnectionParts extends Pick<ClientProfile, 'encodeRequest' | 'decodeError'> {
  readonly csrfHeader: string
}

const isSuccess = ({ status }: AgentAnswer): boolean => status >= 200 && status < 300

const isSafe = (method: string): boolean => /^(?:GET|HEAD|OPTIONS)$/i.test(method)

/** Begins without a CSRF token: the agent tells it whenever a login ends, or is found ended. */
export function createAgentNodeConnection(parts: ConnectionParts): ProfileConnection {
  const { csrfHeader, encodeRequest, decodeError } = parts
  let csrfToken: string | undefined
  /** Never rejects. */
  let asking: Promise<unknown> | undefined

  type Send = Parameters<ProfileConnection['exchange']>[2]

  const csrfHeaders = () => (csrfToken === undefined ? {} : { [csrfHeader]: csrfToken })
  const withCsrf = (request: AgentRequest): AgentRequest => ({
    ...request,
    headers: { ...request.headers, ...csrfHeaders() },
  })

  /** Ends a login, or asks whether one has ended. */
  function sendPageUrl(pageUrl: AgentRequest, send: Send): Promise<AgentAnswer> {
    const answering = send(pageUrl).then((answer) => {
      const { body } = answer
      if (isObject(body) && typeof body['csrf'] === 'string') csrfToken = body['csrf']
      return answer
    })
    const asked = answering
      .catch(() => undefined)
      .finally(() => {
        if (asking === asked) asking = undefined
      })
    asking = asked
    return answering
  }

  return {
    async exchange(operation, input, send) {
      const request = encodeRequest(operation, input)

      async function addClaims(answer: AgentAnswer): Promise<AgentAnswer> {
        const { body } = answer
        if (!isSuccess(answer) || !isObject(body) || body['isLoggedIn'] !== true) return answer
        const { headers } = request
        const claims = await send({ method: 'GET', path: '/claims', headers })
        return isSuccess(claims) ? { ...answer, body: { ...body, claims: claims.body } } : claims
      }

      /** Another tab may have signed out and in again since the token was told: then it is told anew. */
      async function sendWithCsrf(): Promise<AgentAnswer> {
        const usedToken = csrfToken
        if (usedToken !== undefined) {
          const answer = await send(withCsrf(request))
          const isRefused = decodeError(answer.body)?.code === 'unauthorized_request'
          if (answer.status !== 401 || !isRefused) return answer
        }
        const told = await sendPageUrl(encodeRequest('session', input), send)
        return isSuccess(told) ? send(withCsrf(request)) : told
      }

      if (operation === 'startLogin') return send(request)
      if (operation === 'refresh' || operation === 'logout') return sendWithCsrf()
      return addClaims(await sendPageUrl(request, send))
    },
    prepareApi(method, input, send) {
      // A session that another tab has handed over came without it.
      if (isSafe(method) || csrfToken !== undefined) return undefined
      if (!asking) void sendPageUrl(encodeRequest('session', input), send)
      return asking
    },
    apiHeaders: (method) => (isSafe(method) ? {} : csrfHeaders()),
  }
}

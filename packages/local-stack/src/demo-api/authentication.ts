// Letting requests into the API, and knowing whose they are.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { AccessCheck } from './access-token.ts'

const USER = 'user'
const AUTHENTICATED_AT = 'authenticatedAt'

/** Refuses every request whose access token does not open the API. */
export function requireAccessToken(api: FastifyInstance, check: AccessCheck): void {
  api.decorateRequest(USER, '')
  api.decorateRequest(AUTHENTICATED_AT, 0)
  api.addHook('onRequest', async (request, reply) => {
    const decision = await check(request.headers.authorization)
    if (decision.kind === 'accepted') {
      request.setDecorator(USER, decision.user)
      request.setDecorator(AUTHENTICATED_AT, decision.authenticatedAt ?? 0)
      return
    }
    const { status, error, challenge } = decision
    await reply.code(status).header('www-authenticate', challenge).send({ error })
  })
}

/** Whose access token a request carries. */
export const userOf = (request: FastifyRequest): string => request.getDecorator<string>(USER)

/** When the user last proved who they are, in seconds since the epoch; 0 if unknown. */
export const authenticatedAtOf = (request: FastifyRequest): number =>
  request.getDecorator<number>(AUTHENTICATED_AT)

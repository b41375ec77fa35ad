// Letting requests into the API, and knowing whose they are.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { AccessCheck } from './access-token.ts'

const USER = 'user'

/** Refuses every request whose access token does not open the API. */
export function requireAccessToken(api: FastifyInstance, check: AccessCheck): void {
  api.decorateRequest(USER, '')
  api.addHook('onRequest', async (request, reply) => {
    const decision = await check(request.headers.authorization)
    if (decision.kind === 'accepted') {
      request.setDecorator(USER, decision.user)
      return
    }
    const { status, error, challenge } = decision
    await reply.code(status).header('www-authenticate', challenge).send({ error })
  })
}

/** Whose access token a request carries. */
export const userOf = (request: FastifyRequest): string => request.getDecorator<string>(USER)

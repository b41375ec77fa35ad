// An API behind the proxy, which checks every access token it gets.
import { createRemoteJWKSet, jwtVerify } from 'jose'
import * as z from 'zod'
import { listen } from './listen.ts'
import type { Listening } from './listen.ts'
import type { TokenCheck } from './server-kind.ts'

const introspection = z.object({ active: z.boolean() })

/** Whether an access token is good, asked as the authorization server offers it. */
function createTokenCheck(check: TokenCheck): (token: string) => Promise<boolean> {
  if (check.kind === 'jwks') {
    const keys = createRemoteJWKSet(new URL(check.jwksUri))
    return (token) =>
      jwtVerify(token, keys, { issuer: check.issuer }).then(
        () => true,
        () => false,
      )
  }
  const { endpoint, client } = check
  const credentials = Buffer.from(`${client.id}:${client.secret}`).toString('base64')
  return async (token) => {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { authorization: `Basic ${credentials}`, accept: 'application/json' },
      body: new URLSearchParams({ token }),
    })
    if (!response.ok) throw new Error(`The introspection endpoint answered ${response.status}.`)
    return introspection.parse(await response.json()).active
  }
}

/** Starts an API that answers 200 to a good access token, and 401 to all else. */
export async function startApi(check: TokenCheck): Promise<Listening> {
  const isGood = createTokenCheck(check)
  return await listen(() => (request, response) => {
    const [, token = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? []
    const answer = (status: number): void => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ accepted: status === 200 }))
    }
    isGood(token).then(
      (good) => answer(good ? 200 : 401),
      () => answer(500),
    )
  })
}

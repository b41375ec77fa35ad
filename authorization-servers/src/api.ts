// An API behind the proxy, which checks every access token it gets.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import * as z from 'zod'
import type { TokenCheck } from './server-kind.ts'

/** An API that listens. */
export interface Api {
  readonly url: string
  readonly stop: () => Promise<void>
}

const introspection = z.object({ active: z.boolean() })

/** Whether an access token is good, asked as the authorization server offers it. */
export function createTokenCheck(check: TokenCheck): (token: string) => Promise<boolean> {
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
export async function startApi(check: TokenCheck): Promise<Api> {
  const isGood = createTokenCheck(check)
  const server = createServer((request, response) => {
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
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

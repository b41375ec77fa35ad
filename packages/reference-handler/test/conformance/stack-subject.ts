// The local stack, over HTTP, as a subject of the conformance suite.
import { buffer } from 'node:stream/consumers'
import type { AuthenticateOptions, Subject } from '@token-handler/contract/conformance'
import { demoPassword } from '../../src/stack/index.ts'
import type { LocalStack } from '../../src/stack/index.ts'
import { createVisitor, open } from '../stack/visitor.ts'

/** Sends a request as it is; what comes back may have several lines of one name. */
async function send(request: Request): Promise<Response> {
  const body = await request.text()
  const incoming = await open(request.url, {
    method: request.method,
    headers: Object.fromEntries(request.headers),
    ...(body !== '' && { body }),
  })
  const headers = new Headers()
  for (const [name, values] of Object.entries(incoming.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value)
  }
  const status = incoming.statusCode ?? 0
  const content = await buffer(incoming)
  return new Response(content.length > 0 ? new Uint8Array(content) : null, { status, headers })
}

/** Plays a person who has never been at the authorization server before. */
async function authenticate(
  authorizationUrl: string,
  { user = 'first', error }: AuthenticateOptions = {},
): Promise<string> {
  const visitor = createVisitor()
  if (error === 'login_required') {
    const url = new URL(authorizationUrl)
    url.searchParams.set('prompt', 'none')
    return (await visitor.visit(url)).url.href
  }
  const signInPage = await visitor.visit(authorizationUrl)
  if (error === 'access_denied') return (await visitor.submit(signInPage, '/abort')).url.href
  if (error !== undefined) throw new Error(`There is no way to make the error ${error} happen.`)
  const username = user === 'first' ? 'alice' : 'bob'
  const callback = await visitor.submit(signInPage, '/login', { username, password: demoPassword })
  return callback.url.href
}

/** Makes a running stack, which asks for no consent, a subject. */
export function createStackSubject({ urls, controls }: LocalStack): Subject {
  return {
    name: 'the Fastify host',
    agentUrl: urls.agent,
    apiUrl: `${urls.api}/echo`,
    origin: urls.spa,
    capabilities: new Set([
      'cookies',
      'cors',
      'origin-required',
      'proxy',
      'echo',
      'expire-access-token',
      'end-session',
    ]),
    send,
    authenticate,
    expireAccessToken: controls.expireAccessTokens,
    endSession: controls.endSessions,
  }
}

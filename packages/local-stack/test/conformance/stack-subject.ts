// The local stack, over HTTP, as a subject of the conformance suite.
import type { AuthenticateOptions, Subject } from '@token-handler/conformance'
import { sendOverHttp } from '../../../conformance/src/command/send.ts'
import { demoPassword } from '../../src/index.ts'
import type { LocalStack } from '../../src/index.ts'
import { createVisitor } from '../visitor.ts'

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
  const username = user === 'second' ? 'bob' : 'alice'
  const callback = await visitor.submit(signInPage, '/login', { username, password: demoPassword })
  return callback.url.href
}

/** Makes a running stack, which asks for no consent, a subject. */
export function createStackSubject({ urls, controls }: LocalStack): Subject {
  return {
    name: 'the Fastify host',
    agentUrl: urls.agent,
    apiUrl: `${urls.api}/echo`,
    streamUrl: `${urls.api}/events`,
    origin: urls.spa,
    capabilities: new Set([
      'cookies',
      'cors',
      'origin-required',
      'empty-origin',
      'proxy',
      'echo',
      'expire-access-token',
      'end-session',
      'authorization-server-outage',
      'api-outage',
      'pkce',
      'response-issuer',
      'refresh-rotation',
      'streaming',
      'event-source',
      'whole-origin',
    ]),
    send: sendOverHttp,
    authenticate,
    expireAccessToken: controls.expireAccessTokens,
    endSession: controls.endSessions,
    setAvailable: (part, available) =>
      (part === 'api' ? controls.setApi : controls.setAuthorizationServer)(
        available ? 'up' : 'down',
      ),
  }
}

// A deployed agent as a subject of the conformance suite.
import { NotApplicable } from '../index.ts'
import type { AuthenticateOptions, Capability, Subject } from '../index.ts'
import type { ConformanceOptions } from './options.ts'
import type { Redaction } from './secrets.ts'
import { sendOverHttp } from './send.ts'
import { runShell } from './shell.ts'
import type { SignIn } from './sign-in.ts'

/** What the first login tells of a deployment. */
export interface Learned {
  /** The authorization server's `iss` (RFC 9207). */
  readonly issuer?: string
  readonly capabilities: readonly Capability[]
}

/** Creates the subject; `learned` is what is known of it so far. */
export function createDeployedSubject(
  options: ConformanceOptions,
  signIn: SignIn | undefined,
  redaction: Redaction,
  learned: Learned = { capabilities: [] },
): Subject {
  const { agentUrl, apiUrl, streamUrl, origin, expireCommand, endSessionCommand } = options

  async function authenticate(
    authorizationUrl: string,
    { user = 'first', error }: AuthenticateOptions = {},
  ): Promise<string> {
    redaction.learnUrl(authorizationUrl)
    if (signIn === undefined) {
      throw new NotApplicable('signing in needs --callback-command or --chromium')
    }
    if (error !== undefined) return makeUpError(authorizationUrl, error, learned)
    if (user === 'large')
      throw new NotApplicable(
        'no user of this deployment is known to have claims that fit into no cookie',
      )
    if (user === 'second' && !options.secondUser) {
      throw new NotApplicable('another user needs --second-user')
    }
    const callback = await signIn.authenticate(authorizationUrl, user)
    redaction.learnUrl(callback)
    return callback
  }

  return {
    name: 'this agent',
    agentUrl,
    apiUrl: apiUrl ?? agentUrl,
    origin,
    capabilities: new Set([...statedBy(options), ...learned.capabilities]),
    send: async (request) => {
      const response = await sendOverHttp(request)
      redaction.learnCookies(response.headers)
      return response
    },
    authenticate,
    ...(streamUrl !== undefined && { streamUrl }),
    ...(expireCommand !== undefined && {
      expireAccessToken: async () => void (await runShell('--expire-command', expireCommand)),
    }),
    ...(endSessionCommand !== undefined && {
      endSession: async () => void (await runShell('--end-session-command', endSessionCommand)),
    }),
  }
}

function statedBy(options: ConformanceOptions): readonly Capability[] {
  const isCrossOrigin = new URL(options.agentUrl).origin !== options.origin
  const given: readonly (readonly [Capability, boolean])[] = [
    ['cookies', true],
    ['origin-required', true],
    ['pkce', true],
    ['cors', isCrossOrigin],
    ['proxy', options.apiUrl !== undefined],
    ['streaming', options.streamUrl !== undefined],
    ['expire-access-token', options.expireCommand !== undefined],
    ['end-session', options.endSessionCommand !== undefined],
  ]
  return [
    ...given.flatMap(([capability, isGiven]) => (isGiven ? [capability] : [])),
    ...options.capabilities,
  ]
}

/** An authorization server's refusal is not signed, so it can be written without one. */
function makeUpError(authorizationUrl: string, error: string, { issuer }: Learned): string {
  const request = new URL(authorizationUrl).searchParams
  const [redirectUri, state] = [request.get('redirect_uri'), request.get('state')]
  if (redirectUri === null || state === null) {
    throw new NotApplicable(
      'the authorization request is pushed, so no answer to it can be made up',
    )
  }
  const callback = new URL(redirectUri)
  callback.searchParams.set('error', error)
  callback.searchParams.set('state', state)
  if (issuer !== undefined) callback.searchParams.set('iss', issuer)
  return callback.href
}

// `POST /dbsc/register`: the browser has made a key, and the session becomes one of this device.
import { cookieName, deviceBindingHeaders } from '@token-handler/contract'
import type { AgentContext, AgentInput } from '../context.ts'
import { describeError } from '../describe-error.ts'
import { issueSessionCookie } from '../issue-session.ts'
import type { RefreshableSession, RenewalResult } from '../refresh-coordinator.ts'
import { hasBeenEnded } from '../refuse-ended.ts'
import { renewInTime } from '../renew-in-time.ts'
import { hasEnded, openCurrentSession } from '../session-cookie.ts'
import type { SessionContent } from '../session-cookie.ts'
import { identifierFor } from './identifier.ts'
import { describeBinding, nextChallenge } from './offer.ts'
import { readProof } from './proof.ts'
import { isChallengeFor, issueBoundCookie } from './sealed.ts'
import type { BindingAnswer, BindingInput } from './binding-answer.ts'

/**
 * Seals the key of a proof into the session cookie. Only while no refresh can be under way: this answer brings back the
 * refresh token that came with the request, and must not overtake one that has replaced it. Within `refresh.freshFor` of
 * their issue the agent replaces no tokens; afterwards the coordinator keeps whoever comes with the session from before,
 * and so may not have this answer yet, from a refresh for `refresh.resultsKeptFor`: longer than a browser waits for it.
 *
 * Whatever is wrong, the session goes on as it is, and its next refresh offers another registration.
 */
export async function register(context: AgentContext, input: BindingInput): Promise<BindingAnswer> {
  const session = await openCurrentSession(context, input.cookies)
  const bindable = await findBindable(context, session)
  if (typeof bindable === 'string') return refuse(bindable)
  const header = input.request.headers.get(deviceBindingHeaders.response)
  const proof = await readProof(header)
  if (proof.kind !== 'signed') return refuse('There is no proof, or its signature is not valid.')
  const { challenge, key } = proof
  if (!(await isChallengeFor(context, bindable, challenge))) {
    return refuse('The proof is not over a challenge for this session.')
  }
  const result = await renewInTime(context, bindable, () => bind(context, bindable, key, input))
  if (result.kind === 'ended') return refuse('The user has signed out.')
  if (result.kind === 'failure') {
    const { code, details } = result.failure
    return code === 'temporarily_unavailable' ? { kind: 'down', details } : refuse(details)
  }
  const { cookies, session: bound } = result.renewal
  // Somebody else came first, with a refresh or with another key: what that brought is theirs.
  if (bound.deviceKey !== key) return refuse('The session has been refreshed, or bound, meanwhile.')
  await retireCookie(context, input.cookies)
  const identifier = await identifierFor(key)
  return {
    kind: 'bound',
    event: 'registered',
    headers: await nextChallenge(context, bound, identifier),
    // First the one that the other will need.
    cookies: [await issueBoundCookie(context, key), ...cookies],
    body: describeBinding(context, identifier),
  }
}

const refuse = (details: string): BindingAnswer => ({
  kind: 'over',
  event: 'not_registered',
  details,
})

/** The session, if it can become one of a device now; or why not. */
async function findBindable(
  context: AgentContext,
  session: SessionContent | undefined,
): Promise<RefreshableSession | string> {
  const now = context.now()
  if (session === undefined || hasEnded(session, now) || (await hasBeenEnded(context, session))) {
    return 'Nobody is signed in.'
  }
  const { deviceKey, issuedAt, refreshToken } = session
  if (deviceKey !== undefined) return 'The session is bound already.'
  if (refreshToken === undefined) return 'The session cannot be refreshed.'
  if (now - issuedAt >= context.configuration.refresh.freshFor * 1000) {
    return 'The registration comes too late (refresh.freshFor); the next refresh offers another one.'
  }
  return { ...session, refreshToken }
}

/** The same tokens, issued a moment later: whoever comes with the session from before is a latecomer. */
async function bind(
  context: AgentContext,
  session: RefreshableSession,
  key: string,
  { cookies }: BindingInput,
): Promise<RenewalResult> {
  const bound = { ...session, deviceKey: key, issuedAt: session.issuedAt + 1 }
  const proxyName = cookieName(context.configuration.cookies.prefix, 'proxy')
  const proxyBytes = proxyName.length + (cookies.get(proxyName) ?? '').length
  const issued = await issueSessionCookie(context, bound, proxyBytes)
  if (issued.kind === 'failure') return issued
  return { kind: 'renewed', renewal: { session: bound, cookies: issued.cookies } }
}

/** What a store holds for the session cookie from before goes; without a store there is nothing. */
async function retireCookie(
  { configuration, log, sealer }: AgentContext,
  cookies: AgentInput['cookies'],
): Promise<void> {
  const value = cookies.get(cookieName(configuration.cookies.prefix, 'session')) ?? ''
  const keptFor = configuration.refresh.resultsKeptFor * 1000
  await sealer.retire?.('session', value, keptFor).catch((cause: unknown) => {
    log.warn({ causes: describeError(cause) }, 'a replaced session stays in the store for a while')
  })
}

// `POST /dbsc/refresh`: a proof that the key is still here, for another bound cookie.
import { deviceBindingHeaders } from '@token-handler/contract'
import type { AgentContext } from '../context.ts'
import { hasBeenEnded } from '../refuse-ended.ts'
import { isAlive, openCurrentSession } from '../session-cookie.ts'
import type { BindingAnswer, BindingInput } from './binding-answer.ts'
import { identifierFor, identifierOf } from './identifier.ts'
import { describeBinding, nextChallenge } from './offer.ts'
import { readProof } from './proof.ts'
import { isChallengeFor, issueBoundCookie } from './sealed.ts'

/**
 * Issues a bound cookie for a signature by the session's key over a challenge for this session. Without one, or with an
 * old challenge, the browser gets another challenge: it keeps none over a restart. Where the session is over, or has
 * another key, or none, the browser is told to ask no more.
 */
export async function prove(context: AgentContext, input: BindingInput): Promise<BindingAnswer> {
  const { headers } = input.request
  const identifier = identifierOf(input.request)
  // Pages cannot set this header: without it, it is no browser that asks.
  if (identifier === undefined) return end('The request names no session of the browser.')
  const session = await openCurrentSession(context, input.cookies)
  if (session === undefined || !isAlive(session, context.now())) return end('Nobody is signed in.')
  if (await hasBeenEnded(context, session)) return end('The session was ended from elsewhere.')
  const { deviceKey } = session
  if (deviceKey === undefined) return end('The session is not bound.')
  if (identifier !== (await identifierFor(deviceKey))) {
    return end('The request is about the binding of an earlier session.')
  }

  const header = headers.get(deviceBindingHeaders.response)
  const proof = await readProof(header, deviceKey)
  if (proof.kind === 'other-key') return end('The proof is signed by another key.')
  const challenge = await nextChallenge(context, session, identifier)
  if (proof.kind === 'none' || !(await isChallengeFor(context, session, proof.challenge))) {
    return { kind: 'challenge', headers: challenge }
  }
  return {
    kind: 'bound',
    event: 'proved',
    headers: challenge,
    cookies: [await issueBoundCookie(context, deviceKey)],
    body: describeBinding(context, identifier),
  }
}

const end = (details: string): BindingAnswer => ({ kind: 'over', event: 'ended', details })

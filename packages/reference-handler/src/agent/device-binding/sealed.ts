// What is sealed besides the session: challenges, and the cookie that says that a proof was made a moment ago.
import { cookieName } from '@token-handler/contract'
import type { SetCookie } from '../../http/cookies.ts'
import { markOfItself } from '../../store/session-marks.ts'
import type { AgentContext } from '../context.ts'
import type { SessionContent } from '../session-cookie.ts'
import { thumbprintOf } from './device-key.ts'

/** Milliseconds that a challenge may be signed in: a browser keeps the last one until its next proof. */
const CHALLENGE_LIFETIME = 3_600_000

/**
 * Milliseconds that a bound cookie is good for beyond the time that the browser has been told: answers take their time
 * to arrive, and requests wait for others.
 */
const LENIENCY = 60_000

/**
 * A challenge is for the registration of a session, or for proofs by a key. All are sealed for the same role, and none can
 * be taken for another.
 */
type Purpose = 'register' | 'prove' | 'bound'

async function open(
  { sealer }: Pick<AgentContext, 'sealer'>,
  purpose: Purpose,
  sealed: string,
): Promise<{ readonly about: string; readonly endsAt: number } | undefined> {
  const content = await sealer.open('bound', sealed)
  if (!Array.isArray(content)) return undefined
  const [what, about, endsAt]: readonly unknown[] = content
  if (what !== purpose || typeof about !== 'string' || typeof endsAt !== 'number') return undefined
  return { about, endsAt }
}

/** What a challenge is for: the sign-in, also where two of them have one `sid`, or the key once there is one. */
async function purposeOf(session: SessionContent): Promise<readonly [Purpose, about: string]> {
  const { claims, deviceKey, startedAt } = session
  if (deviceKey !== undefined) return ['prove', await thumbprintOf(deviceKey)]
  return ['register', `${await markOfItself(claims, startedAt)} ${startedAt}`]
}

/** Resolves with a challenge for this session and no other. */
export async function sealChallenge(
  { now, sealer }: AgentContext,
  session: SessionContent,
): Promise<string> {
  const endsAt = now() + CHALLENGE_LIFETIME
  return await sealer.seal('bound', [...(await purposeOf(session)), endsAt])
}

/** Whether a challenge is one of ours, for this session, and not too old. */
export async function isChallengeFor(
  context: AgentContext,
  session: SessionContent,
  challenge: string,
): Promise<boolean> {
  const [purpose, about] = await purposeOf(session)
  const opened = await open(context, purpose, challenge)
  return opened?.about === about && opened.endsAt > context.now()
}

/** Resolves with the cookie that proves the possession of a key for a while. */
export async function issueBoundCookie(context: AgentContext, key: string): Promise<SetCookie> {
  const { cookies, deviceBinding } = context.configuration
  const endsAt = context.now() + deviceBinding.proofLifetime * 1000 + LENIENCY
  const thumbprint = await thumbprintOf(key)
  const value = await context.sealer.seal('bound', ['bound', thumbprint, endsAt])
  return { name: cookieName(cookies.prefix, 'bound'), value, maxAge: deviceBinding.proofLifetime }
}

/** What the bound cookies of a request say of a key: proven, proven too long ago, or nothing. */
export async function readBoundCookies(
  context: Pick<AgentContext, 'now' | 'sealer'>,
  values: readonly string[],
  key: string,
): Promise<'proven' | 'too-old' | 'missing'> {
  const thumbprint = await thumbprintOf(key)
  const opened = await Promise.all(values.map((value) => open(context, 'bound', value)))
  const own = opened.filter((cookie) => cookie?.about === thumbprint)
  if (own.some((cookie) => (cookie?.endsAt ?? 0) > context.now())) return 'proven'
  return own.length > 0 ? 'too-old' : 'missing'
}

// Issuing and removing the two cookies of a session together, within what browsers keep.
import { cookieName } from '@token-handler/contract'
import type { TokenSet } from '../oauth-client/tokens.ts'
import { earliest } from '../earliest.ts'
import type { Configuration } from '../configuration/schema.ts'
import { expiredCookie } from '../http/cookies.ts'
import type { SetCookie } from '../http/cookies.ts'
import { sealProxyCookie } from '../sealing/proxy-cookie.ts'
import { marksOf } from '../store/session-marks.ts'
import type { AgentContext } from './context.ts'
import { unboundEnd } from './device-binding/unbound-end.ts'
import { agentFailure, fail } from './agent-decision.ts'
import type { FailedDecision } from './agent-decision.ts'
import { remaining, sealSession } from './session-cookie.ts'
import type { SessionContent } from './session-cookie.ts'

/** Browsers silently drop a cookie whose name and value are longer (RFC 6265bis section 5.6). */
export const MAX_COOKIE_BYTES = 4096

/** A session with its cookies, or why there are none. */
export type Issued =
  | {
      readonly kind: 'issued'
      readonly session: SessionContent
      readonly cookies: readonly SetCookie[]
    }
  | FailedDecision

/**
 * Makes a session of tokens. What the authorization server did not issue anew stays as it was in the
 * previous session.
 *
 * @param previous - the session that is being refreshed
 */
export async function issueSession(
  context: AgentContext,
  tokens: TokenSet,
  previous?: SessionContent,
): Promise<Issued> {
  const { configuration, sealer } = context
  const { prefix } = configuration.cookies
  const issuedAt = context.now()
  const startedAt = previous?.startedAt ?? issuedAt
  const endsAt = findEnd(configuration, tokens, { issuedAt, startedAt, previous })
  // With device binding switched off, keys go: browsers are told that there is nothing to prove.
  const deviceKey = configuration.deviceBinding.mode === 'off' ? undefined : previous?.deviceKey
  const unbound = unboundEnd(configuration, { deviceKey, startedAt })
  const expiresAt = earliest(earliest(after(issuedAt, tokens.expiresIn), endsAt), unbound)
  const session: SessionContent = {
    refreshToken: tokens.refreshToken ?? previous?.refreshToken,
    claims: tokens.claims ?? previous?.claims,
    idToken: configuration.client.idTokenHint ? (tokens.idToken ?? previous?.idToken) : undefined,
    startedAt,
    issuedAt,
    accessTokenExpiresAt: tokens.expiresIn === undefined ? undefined : expiresAt,
    endsAt,
    domain: configuration.cookies.domain,
    deviceKey,
    dpopKey: tokens.dpopKey,
  }
  const { accessToken, dpopKey } = tokens
  const proxyCookie = {
    accessToken,
    issuedAt,
    ...(expiresAt !== undefined && { expiresAt }),
    ...(dpopKey !== undefined && { dpopKey }),
    ...(context.endedSessions && { session: await marksOf(session) }),
  }
  const name = cookieName(prefix, 'proxy')
  const value = await sealProxyCookie(sealer, proxyCookie)
  const proxyPart = { name, value, ...lifetimeOf(session, issuedAt) }
  return checkSizes(configuration, session, [proxyPart, await sessionPart(context, session)])
}

/**
 * Makes the session cookie alone, where there is no access token to go with it.
 *
 * @param proxyBytes - of the proxy cookie that stays beside it, if it is known
 */
export async function issueSessionCookie(
  context: AgentContext,
  session: SessionContent,
  proxyBytes = 0,
): Promise<Issued> {
  const cookies = [await sessionPart(context, session)]
  return checkSizes(context.configuration, session, cookies, proxyBytes)
}

async function sessionPart(
  { configuration, now, sealer }: AgentContext,
  session: SessionContent,
): Promise<SetCookie> {
  const name = cookieName(configuration.cookies.prefix, 'session')
  return { name, value: await sealSession(sealer, session), ...lifetimeOf(session, now()) }
}

const lifetimeOf = ({ endsAt }: SessionContent, now: number) =>
  endsAt === undefined ? {} : { maxAge: remaining(endsAt, now) }

/**
 * When the session ends: after its configured lifetime, counted from the login, or with its refresh
 * token, whichever comes first; `undefined` when neither is known.
 */
function findEnd(
  { session: { lifetime } }: Configuration,
  { refreshTokenExpiresIn }: TokenSet,
  at: {
    readonly issuedAt: number
    readonly startedAt: number
    readonly previous?: SessionContent | undefined
  },
): number | undefined {
  const tokenEnd = after(at.issuedAt, refreshTokenExpiresIn) ?? at.previous?.endsAt
  return earliest(after(at.startedAt, lifetime), tokenEnd)
}

const after = (instant: number, seconds: number | undefined): number | undefined =>
  seconds === undefined ? undefined : instant + seconds * 1000

/** The removals of the session's cookies. */
export function expireSession({ cookies, deviceBinding }: Configuration): SetCookie[] {
  const bound = deviceBinding.mode === 'off' ? [] : (['bound'] as const)
  return (['proxy', 'session', ...bound] as const).map((role) =>
    expiredCookie(cookieName(cookies.prefix, role)),
  )
}

/** Failing here beats a browser that drops a cookie without a word, and a sign-in that never holds. */
function checkSizes(
  { cookies: { maxBytes } }: Configuration,
  session: SessionContent,
  cookies: readonly SetCookie[],
  otherBytes = 0,
): Issued {
  const sizes = cookies.map(({ name, value }) => name.length + value.length)
  const total = sizes.reduce((sum, size) => sum + size, otherBytes)
  if (total <= maxBytes && sizes.every((size) => size <= MAX_COOKIE_BYTES)) {
    return { kind: 'issued', session, cookies }
  }
  const list = cookies.map(({ name }, index) => `${name} has ${sizes[index]} bytes`).join(', ')
  return fail(
    agentFailure(
      'server_error',
      `The tokens do not fit into cookies: ${list}, together ${total}; a cookie may have ${MAX_COOKIE_BYTES}, all together ${maxBytes} (cookies.maxBytes). ` +
        'Let the authorization server issue smaller tokens: fewer claims or scopes, or opaque access tokens; or keep sessions in a store (session.store).',
    ),
  )
}

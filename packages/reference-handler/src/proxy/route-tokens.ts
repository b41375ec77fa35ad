// Access tokens of single routes: the session's own, exchanged for one that the API of the route accepts.
import type { Configuration } from '../configuration/schema.ts'
import { earliest } from '../earliest.ts'
import type { AuthorizationServerFailure } from '../oauth-client/classify-failure.ts'
import { connectionOf } from '../oauth-client/connection.ts'
import { errorMeanings } from '../oauth-client/error-meanings.ts'
import { exchangeToken } from '../oauth-client/token-exchange.ts'
import type { ExchangedToken } from '../oauth-client/token-exchange.ts'
import type { Ports } from '../ports.ts'
import { createAudienceReader } from './audiences.ts'
import type { AccessTokenReading } from './access-token.ts'
import { createKeptAnswers } from './kept-answers.ts'
import type { Kept } from './kept-answers.ts'
import type { Route } from './routes.ts'

type Usable = Extract<AccessTokenReading, { readonly kind: 'usable' }>

type Exchange = NonNullable<Route['exchange']>

/** Exchanges the access token of a session for that of the route with this path. Never rejects. */
export type ExchangeForRoute = (
  token: Usable,
  exchange: Exchange,
  path: string,
) => Promise<AccessTokenReading>

/** Milliseconds that a token is used whose lifetime nobody says. */
const KEPT_WITHOUT_LIFETIME = 60_000

/** Milliseconds before its end from which on a token is not used any more: it has to last until the API reads it. */
const MARGIN = 5000

/** Milliseconds during which a refusal is not asked for again, so that a page that tries again and again asks once. */
const REFUSAL_KEPT_FOR = 2000

/**
 * Creates the exchange of a deployment. Concurrent requests with one access token on one route share one exchange
 * (single-flight); its result is used until it, or the access token of the session, ends. What is not available now
 * is not kept.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8693 RFC 8693}
 */
export function createRouteTokens(configuration: Configuration, ports: Ports): ExchangeForRoute {
  const { request } = connectionOf(configuration, ports)
  const find = createKeptAnswers<AccessTokenReading>(ports.now)
  const readAudiences = createAudienceReader()

  async function exchange(subject: Usable, exchange: Exchange): Promise<Kept<AccessTokenReading>> {
    const asked = await request((endpoint) => exchangeToken(endpoint, subject, exchange))
    if (asked.ok) return keep(subject, asked.value)
    const answer = translate(asked.failure)
    return { answer, keptFor: answer.kind === 'unavailable' ? 0 : REFUSAL_KEPT_FOR }
  }

  function keep(
    { dpopKey, expiresAt: subjectEnd }: Usable,
    token: ExchangedToken,
  ): Kept<AccessTokenReading> {
    const { accessToken, expiresIn } = token
    const now = ports.now()
    const own = expiresIn === undefined ? undefined : now + expiresIn * 1000
    const expiresAt = earliest(own, subjectEnd)
    const audiences = () => readAudiences(token, accessToken)
    return {
      answer: { kind: 'usable', accessToken, dpopKey, expiresAt, audiences },
      keptFor:
        own === undefined
          ? Math.min(KEPT_WITHOUT_LIFETIME, (subjectEnd ?? Infinity) - now)
          : (earliest(own - MARGIN, subjectEnd) ?? own) - now,
    }
  }

  return (token, asked, path) => find(`${path} ${token.accessToken}`, () => exchange(token, asked))
}

/** A token that is refused may be an old one, which a refresh mends; a mistake of ours is for the log. */
function translate(failure: AuthorizationServerFailure): AccessTokenReading {
  const reason = `The token exchange failed: ${failure.details}`
  if (failure.kind !== 'refused') return { kind: 'unavailable', reason }
  const { error } = failure
  const { meaning } = errorMeanings.get(error ?? '') ?? {}
  // RFC 8693 section 2.2.2: a subject token that is not valid is an invalid_request.
  const isAboutToken =
    error === 'invalid_request' || meaning === 'session over' || meaning === 'sign in again'
  return isAboutToken ? { kind: 'unusable', reason } : { kind: 'refused', reason }
}

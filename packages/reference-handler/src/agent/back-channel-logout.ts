// `POST /backchannel-logout`: the authorization server ends sessions. It is no request of a browser.
import { jsonResponse, privateHeaders } from '../http/json-response.ts'
import { readForm } from '../http/form.ts'
import { connectionOf } from '../oauth-client/connection.ts'
import type { Configuration } from '../configuration/schema.ts'
import type { Ports } from '../ports.ts'
import type { EndedSessions } from '../store/ended-sessions.ts'
import { markOfSession, markOfUser } from '../store/session-marks.ts'
import { describeError } from './describe-error.ts'
import { checkLogoutToken, InvalidLogoutToken } from './logout-token.ts'
import type { LogoutToken } from './logout-token.ts'

/** Milliseconds that a `jti` is remembered beyond its token's end. */
const REPLAY_MARGIN = 60_000

/** Answers the requests of the authorization server. Never rejects. */
export type BackChannelLogout = (request: Request) => Promise<Response>

/**
 * Creates the endpoint. It answers 200 when the sessions are ended on all instances, and 400 otherwise, so that the
 * authorization server can tell; nothing it answers may be cached.
 *
 * @see {@link https://openid.net/specs/openid-connect-backchannel-1_0.html#BCRequest OpenID Connect Back-Channel Logout sections 2.5 to 2.8}
 */
export function createBackChannelLogout(
  configuration: Configuration,
  ports: Ports,
  endedSessions: EndedSessions,
): BackChannelLogout {
  const { request: ask } = connectionOf(configuration, ports)

  async function check(token: string): Promise<LogoutToken> {
    const checked = await ask((endpoint) => checkLogoutToken(endpoint, token))
    if (checked.ok) return checked.value
    const { cause, details } = checked.failure
    if (cause instanceof InvalidLogoutToken) throw cause
    throw new Error(details, { cause })
  }

  async function logout(request: Request): Promise<void> {
    const form = await readForm(request)
    if (form.kind === 'refused') throw new InvalidLogoutToken(form.reason)
    const token = form.parameters.get('logout_token')
    if (token === null) throw new InvalidLogoutToken('there is none.')
    const { exp, jti, sid, sub } = await check(token)
    const keptFor = Math.max(exp * 1000 - ports.now(), 0) + REPLAY_MARGIN
    if (!(await endedSessions.isFirst(jti, keptFor))) {
      throw new InvalidLogoutToken('the same one has come before.')
    }
    // A `sid` names one session of the user, and ends that one alone.
    const mark = sid === undefined ? markOfUser(sub ?? '') : markOfSession(sid)
    await endedSessions.end([await mark])
    ports.log.info(
      { by: sid === undefined ? 'sub' : 'sid' },
      'sessions ended by the authorization server',
    )
  }

  return async (request) => {
    if (request.method !== 'POST')
      return refuse(405, 'This endpoint needs POST.', { allow: 'POST' })
    try {
      await logout(request)
      return new Response(null, { status: 200, headers: privateHeaders })
    } catch (error) {
      const isInvalid = error instanceof InvalidLogoutToken
      const reason = isInvalid
        ? `The logout token is refused: ${error.message}`
        : 'The logout failed.'
      ports.log.warn({ reason, causes: describeError(error) }, 'back-channel logout refused')
      return refuse(400, reason)
    }
  }
}

/** @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-5.2 RFC 6749 section 5.2} for the members */
const refuse = (status: number, reason: string, headers: Readonly<Record<string, string>> = {}) =>
  jsonResponse(status, { error: 'invalid_request', error_description: reason }, headers)

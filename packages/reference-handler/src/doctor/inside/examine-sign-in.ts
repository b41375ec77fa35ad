// A whole sign-in from the inside, to see what only real tokens show: that they are accepted, and fit into cookies.
import { issueSession } from '../../agent/issue-session.ts'
import { createInProcessRefreshCoordinator } from '../../agent/in-process-refresh-coordinator.ts'
import { createAuthorizationServer } from '../../oauth-client/authorization-server.ts'
import type { AuthorizationServerFailure } from '../../oauth-client/classify-failure.ts'
import type { Configuration } from '../../configuration/schema.ts'
import type { Ports } from '../../ports.ts'
import { webStoreCrypto } from '../../store/store-crypto.ts'
import { scheduleWithTimers } from '../../schedule.ts'
import { sealerOf } from '../../sealing/configured-sealer.ts'
import type { Finding, Report } from '../finding.ts'

/** Signs a user in: takes the authorization URL, resolves with the URL that it leads back to. */
export type SignIn = (authorizationUrl: string) => Promise<string>

/** Signs in, and throws the tokens away: the refresh token is revoked where that can be done. */
export async function examineSignIn(
  configuration: Configuration,
  ports: Ports,
  signIn: SignIn,
): Promise<Report> {
  const authorizationServer = createAuthorizationServer(configuration, ports)
  const started = await authorizationServer.startAuthorization(new URLSearchParams())
  if (!started.ok) return failed(started.failure)
  const { url, transaction } = started.value
  const response = new URL(await signIn(url)).searchParams
  const ended = await authorizationServer.endAuthorization(response, transaction)
  if (!ended.ok) return failed(ended.failure)

  const context = {
    configuration,
    authorizationServer,
    sealer: sealerOf(configuration, ports),
    hash: webStoreCrypto.hash,
    refreshCoordinator: createInProcessRefreshCoordinator(ports.now, 1),
    endedSessions: undefined,
    schedule: scheduleWithTimers,
    now: ports.now,
    log: ports.log,
    onDeviceBinding: () => undefined,
  }
  const issued = await issueSession(context, ended.value)
  const { refreshToken } = ended.value
  if (refreshToken !== undefined) await authorizationServer.revoke(refreshToken, 'refresh_token')
  if (issued.kind === 'failure') return { findings: [tooLarge(issued.failure.details)], notes: [] }
  const sizes = issued.cookies.map(
    ({ name, value }) => `${name} has ${name.length + value.length} bytes`,
  )
  return { findings: [], notes: [`The sign-in succeeded: ${sizes.join(', ')}.`] }
}

function failed(failure: AuthorizationServerFailure): Report {
  const error = 'error' in failure && failure.error !== undefined ? ` (${failure.error})` : ''
  const finding: Finding = {
    code: 'sign_in_failed',
    about: 'a sign-in',
    cause: failure.details + error,
    mend: 'See what the authorization server logs about it, and what else is found here.',
  }
  return { findings: [finding], notes: [] }
}

const tooLarge = (details: string): Finding => ({
  code: 'cookies_too_large',
  about: 'cookies.maxBytes',
  // What to do stands in the mend.
  cause: details.replace(/ Let the authorization server .*$/s, ''),
  mend: 'Let the authorization server issue smaller tokens: fewer claims or scopes, or opaque access tokens. Up to 4096 bytes a cookie, cookies.maxBytes may be more; then every gateway has to take headers of that size.',
})

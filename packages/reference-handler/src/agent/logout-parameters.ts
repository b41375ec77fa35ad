// What a page may say to the authorization server about the end of the session there.
import { isHttpUrl } from '@token-handler/contract'
import type { AgentContext } from './context.ts'
import { describeParameter } from '../http/describe-parameter.ts'

type Parts = Pick<AgentContext, 'configuration' | 'log'>

/**
 * Where the browser goes next: the standard's name, and those of Auth0 and Cognito. The authorization server knows its
 * redirect URIs; nobody is sent to a foreign page even if it does not.
 */
const redirects: ReadonlySet<string> = new Set([
  'post_logout_redirect_uri',
  'returnTo',
  'logout_uri',
  'redirect_uri',
])

/** Parameters that one line of the log names. */
const TOLD = 3

/**
 * The parameters that go along. The others are left out and named in the log: for their sake no user stays signed in.
 *
 * @param parameters - of the request
 * @see {@link https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout OpenID Connect RP-Initiated Logout section 2}
 */
export function selectLogoutParameters(
  { configuration, log }: Parts,
  parameters: URLSearchParams,
): ReadonlyMap<string, string> {
  const { client, trustedOrigins } = configuration
  const selected = new Map<string, string>()
  const leftOut: string[] = []
  for (const [name, value] of parameters) {
    if (!client.logoutParameters.includes(name)) {
      leftOut.push(`${describeParameter(name)} is not in client.logoutParameters.`)
    } else if (redirects.has(name) && !isOnTrustedOrigin(value, trustedOrigins)) {
      leftOut.push(`${describeParameter(name)} is no page of a trusted origin.`)
    } else selected.set(name, value)
  }
  if (leftOut.length > 0) {
    const details = leftOut.slice(0, TOLD).join(' ')
    log.warn({ details, count: leftOut.length }, 'logout: parameters are left out')
  }
  return selected
}

function isOnTrustedOrigin(value: string, trustedOrigins: readonly string[]): boolean {
  return isHttpUrl(value) && trustedOrigins.includes(new URL(value).origin)
}

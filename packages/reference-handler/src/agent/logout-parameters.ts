// What a page may say to the authorization server about the end of the session there.
import type { AgentContext } from './context.ts'
import { describeParameter } from '../http/describe-parameter.ts'

type Parts = Pick<AgentContext, 'configuration' | 'log'>

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
  for (const [name, value] of parameters) {
    const isListed = client.logoutParameters.includes(name)
    // The authorization server knows its redirect URIs; nobody is sent to a foreign page if it does not.
    const isSafe = name !== 'post_logout_redirect_uri' || isOnTrustedOrigin(value, trustedOrigins)
    if (isListed && isSafe) selected.set(name, value)
    else {
      const why = isListed
        ? 'is no page of a trusted origin.'
        : 'is not in client.logoutParameters.'
      const details = `${describeParameter(name)} ${why}`
      log.warn({ details }, 'logout: a parameter is left out')
    }
  }
  return selected
}

function isOnTrustedOrigin(value: string, trustedOrigins: readonly string[]): boolean {
  return URL.canParse(value) && trustedOrigins.includes(new URL(value).origin)
}

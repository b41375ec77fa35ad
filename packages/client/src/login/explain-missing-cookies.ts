// Why a browser keeps or sends no cookies, as far as a page can find out.
import { isDevelopment } from '../development.ts'
import { TokenHandlerError } from '../errors.ts'

/**
 * What hosts of one site have in common: the last two labels of a name (where public suffixes are longer, it cannot be
 * known here), and an address whole.
 */
const siteOf = (hostname: string) =>
  /^[\d.]+$/.test(hostname) ? hostname : hostname.split('.').slice(-2).join('.')

/** Browsers trust these without https. */
const isLocal = (hostname: string) => /(?:^|\.)localhost$|^127\.0\.0\.1$/.test(hostname)

function diagnose(page: URL, agent: URL): string {
  if (siteOf(page.hostname) !== siteOf(agent.hostname)) {
    return 'page and agent share no parent domain, so they are third-party'
  }
  if (agent.protocol === 'http:' && !isLocal(agent.hostname)) {
    return 'the agent is not served over https'
  }
  if (page.protocol !== agent.protocol) {
    return 'page and agent differ in their scheme'
  }
  return 'the browser has not stored them (see Set-Cookie of login/end in the developer tools), or sends them and the agent cannot read them (have all its instances the same secrets?)'
}

/** The error for a sign-in that succeeded at the agent, and left no session in the browser. */
export function explainMissingCookies(
  pageUrl: string,
  agentUrl: string,
  cause?: TokenHandlerError,
): TokenHandlerError {
  const { status, agentCode, details } = cause ?? {}
  const said = details === undefined ? '' : ` The agent: ${details}`
  const message = isDevelopment
    ? `The sign-in succeeded, but the next request had no session: ${diagnose(new URL(pageUrl), new URL(agentUrl))}.${said}`
    : said
  const members = { operation: 'endLogin', status, agentCode, details, cause } as const
  return new TokenHandlerError('cookies_not_stored', message, members)
}

// Whether browsers take the cookies of an agent for those of the page: same site, same scheme, secure.
import { getDomain } from 'tldts'
import { isConfidential } from '../../configuration/urls.ts'
import type { Finding } from '../finding.ts'

/** What browsers compare: the registrable domain, and for addresses and single names the host itself. */
const siteOf = (hostname: string): string =>
  getDomain(hostname, { allowPrivateDomains: true }) ?? hostname

/**
 * Compares the page's origin with the agent's URL. Nothing is sent.
 *
 * @see {@link https://html.spec.whatwg.org/multipage/browsers.html#same-site HTML, same site}
 */
export function examinePlace(agentUrl: string, origin: string): readonly Finding[] {
  const agent = new URL(agentUrl)
  const page = new URL(origin)
  const findings: Finding[] = []
  if (agent.protocol !== page.protocol) {
    findings.push({
      code: 'scheme_mismatch',
      about: agentUrl,
      cause: `The page is ${page.protocol}//, and the agent ${agent.protocol}//: for browsers these are two sites, and SameSite=Strict cookies do not travel between them.`,
      mend: 'Serve both over https, in development too, or both over http on localhost.',
    })
  }
  if (siteOf(agent.hostname) !== siteOf(page.hostname)) {
    findings.push({
      code: 'other_site',
      about: agentUrl,
      cause: `${agent.hostname} belongs to the site ${siteOf(agent.hostname)}, and ${page.hostname} to ${siteOf(page.hostname)}, by the public suffix list: the agent's cookies are third-party cookies.`,
      mend: `Give the agent a name below ${siteOf(page.hostname)}, such as api.${siteOf(page.hostname)}, or serve it on ${origin} itself.`,
    })
  }
  if (!isConfidential(agentUrl)) {
    findings.push({
      code: 'insecure_cookies',
      about: agentUrl,
      cause: `${agentUrl} is plain http: browsers drop cookies with Secure that come from there.`,
      mend: 'Serve page and agent over https.',
    })
  }
  return findings
}

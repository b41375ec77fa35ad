// The login cookie as it arrives: whether browsers keep it, and whether it is as the agent set it.
import { getPublicSuffix } from 'tldts'
import type { Finding } from '../finding.ts'

/** A `Set-Cookie` line. */
export interface ReadCookie {
  readonly name: string
  readonly value: string
  /** Names in lower case. */
  readonly attributes: ReadonlyMap<string, string>
}

/** Reads a `Set-Cookie` line, as browsers do (RFC 6265 section 5.2). */
export function readSetCookie(line: string): ReadCookie {
  const [pair = '', ...rest] = line.split(';')
  const at = pair.indexOf('=')
  const attributes = rest.map((attribute): [string, string] => {
    const [name = '', value = ''] = attribute.trim().split('=')
    return [name.toLowerCase(), value]
  })
  return {
    name: pair.slice(0, Math.max(at, 0)).trim(),
    value: pair.slice(at + 1).trim(),
    attributes: new Map(attributes),
  }
}

/** Finds what keeps a browser from storing the cookie, or makes it weaker than the agent's. */
export function judgeLoginCookie(
  { name, attributes }: ReadCookie,
  agentUrl: string,
): readonly Finding[] {
  const { hostname } = new URL(agentUrl)
  const prefix = /^__(?:Host-Http|Host|Secure|Http)-/i.exec(name)?.[0] ?? ''
  const domain = attributes.get('domain')?.replace(/^\./, '')
  const problems = [
    !attributes.has('httponly') && 'it is not HttpOnly',
    attributes.get('samesite')?.toLowerCase() !== 'strict' && 'it is not SameSite=Strict',
    attributes.get('path') !== '/' && 'its Path is not /',
    prefix !== '' && !attributes.has('secure') && `${prefix} needs Secure`,
    prefix.includes('Host') && domain !== undefined && `${prefix} allows no Domain`,
    domain !== undefined && !isAbove(domain, hostname) && `${hostname} is not below ${domain}`,
    domain !== undefined &&
      getPublicSuffix(domain, { allowPrivateDomains: true }) === domain &&
      `${domain} is a public suffix`,
  ].filter((problem) => problem !== false)
  if (problems.length === 0) return []
  const label = name.replace(/-login-.*/, '-login-…')
  return [
    {
      code: 'cookie_changed',
      about: agentUrl,
      cause: `The cookie ${label} arrives so that browsers drop or weaken it: ${problems.join(', ')}.`,
      mend: 'Have the gateway leave Set-Cookie alone (nginx: no proxy_cookie_path, proxy_cookie_domain or proxy_cookie_flags), and correct cookies.domain where it is set.',
    },
  ]
}

const isAbove = (domain: string, hostname: string): boolean =>
  hostname === domain || hostname.endsWith(`.${domain}`)

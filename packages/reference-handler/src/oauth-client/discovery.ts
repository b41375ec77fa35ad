// Reading the authorization server's metadata document: where it stands, and what is wrong with one that cannot be used.
import * as oauth from 'oauth4webapi'
import type { Configuration } from '../configuration/schema.ts'
import { UnavailableAnswer, UnusableAnswer } from './classify-failure.ts'
import { TENANT_PLACEHOLDER } from './issuer.ts'
import type { Protocol } from './protocol.ts'

/**
 * Reads the metadata of OpenID Connect Discovery, or where there is none, that of RFC 8414: authorization servers
 * without OpenID Connect have only the latter.
 *
 * @throws {UnavailableAnswer} for 5xx and 429
 * @throws {UnusableAnswer} with URL, status and, of a redirect, its target; or with both issuers where they differ
 * @see {@link https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig OpenID Connect Discovery section 4}
 * @see {@link https://www.rfc-editor.org/rfc/rfc8414#section-3 RFC 8414 section 3}
 */
export async function discover(
  configuration: Configuration['authorizationServer'],
  protocol: Protocol,
  signal: AbortSignal,
): Promise<oauth.AuthorizationServer> {
  const [openId, oauth2] = metadataUrls(configuration.issuer)
  const first = await get(openId, protocol, signal)
  if (first.status < 400 || first.status >= 500) return await read(first, configuration)
  const second = await get(oauth2, protocol, signal)
  // The other document is a guess: what is wrong with the first is what an operator can mend.
  return await read(second.status === 200 ? second : first, configuration)
}

/** The two places of an issuer's metadata. */
export function metadataUrls(issuer: string): readonly [openId: string, oauth2: string] {
  const { origin, pathname } = new URL(issuer)
  const path = pathname.replace(/\/$/, '')
  return [
    `${origin}${path}/.well-known/openid-configuration`,
    `${origin}/.well-known/oauth-authorization-server${path}`,
  ]
}

interface Answer {
  readonly url: string
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/** Follows one redirect within the origin, such as to a trailing slash: no credentials go there. */
async function get(url: string, protocol: Protocol, signal: AbortSignal): Promise<Answer> {
  const answer = await getOnce(url, protocol, signal)
  const location = answer.headers.get('location')
  if (answer.status < 300 || answer.status >= 400 || location === null) return answer
  const target = URL.canParse(location, url) ? new URL(location, url) : undefined
  return target?.origin === new URL(url).origin
    ? await getOnce(target.href, protocol, signal)
    : answer
}

async function getOnce(url: string, protocol: Protocol, signal: AbortSignal): Promise<Answer> {
  const response = await protocol.requestOptions(signal)[oauth.customFetch](url, {
    method: 'GET',
    headers: { accept: 'application/json' },
    body: undefined,
    redirect: 'manual',
    signal,
  })
  const { status, headers } = response
  return { url, status, headers, text: await response.text() }
}

async function read(
  { url, status, headers, text }: Answer,
  { issuer, allowedTenants }: Configuration['authorizationServer'],
): Promise<oauth.AuthorizationServer> {
  if (status >= 500 || status === 429) {
    throw new UnavailableAnswer(status, headers.get('retry-after') ?? undefined)
  }
  if (status < 200 || status >= 300) {
    const target = headers.get('location')
    const advice =
      target === null
        ? 'Check authorizationServer.issuer.'
        : `It points to ${printable(target)}, and redirects to another origin are not followed: take the issuer as the metadata there says it.`
    throw new UnusableAnswer(`its metadata at ${url} was answered with ${status}. ${advice}`)
  }
  const metadata = parse(text)
  if (metadata === undefined) throw new UnusableAnswer(`there is no JSON object at ${url}.`)
  const { issuer: named } = metadata
  if (typeof named !== 'string') {
    throw new UnusableAnswer(`its metadata at ${url} names no issuer.`)
  }
  if (named.includes(TENANT_PLACEHOLDER)) {
    checkTemplate(named, issuer, allowedTenants)
  } else if (!URL.canParse(named) || new URL(named).href !== new URL(issuer).href) {
    throw new UnusableAnswer(
      `its metadata at ${url} is that of the issuer ${printable(named)}, and configured is ${issuer} (authorizationServer.issuer). They have to be the same, the trailing slash included.`,
    )
  }
  return { ...metadata, issuer: named }
}

/** `null` and `""` are what some servers write for what is absent. */
function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    return Object.fromEntries(
      Object.entries(value).filter(([, member]) => member !== null && member !== ''),
    )
  } catch {
    return undefined
  }
}

function checkTemplate(
  template: string,
  issuer: string,
  allowedTenants: readonly string[] | undefined,
): void {
  const [before = '', after = ''] = template.split(TENANT_PLACEHOLDER)
  const tenant = issuer.slice(before.length, issuer.length - after.length)
  const fits = issuer === `${before}${tenant}${after}` && /^[\w.-]+$/.test(tenant)
  if (!fits) {
    throw new UnusableAnswer(
      `its metadata is that of the issuer ${printable(template)}, which ${issuer} does not fit.`,
    )
  }
  if (allowedTenants === undefined) {
    throw new UnusableAnswer(
      `its metadata is for several organisations: the issuer is ${printable(template)}. List the tenants whose users may sign in as authorizationServer.allowedTenants, or take the issuer of one tenant.`,
    )
  }
}

/** Text from outside, as far as it may stand in a message. */
const printable = (text: string): string => text.slice(0, 200).replace(/[^\x21-\x7e]/g, '?')

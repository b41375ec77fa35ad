// Reading the authorization server's metadata document: where it stands, and what is wrong with one that cannot be used.
import * as oauth from 'oauth4webapi'
import type { Configuration } from '../configuration/schema.ts'
import { UnavailableAnswer, UnusableAnswer } from './classify-failure.ts'
import { TENANT_PLACEHOLDER } from './issuer.ts'
import type { Protocol } from './protocol.ts'

/** What came of asking for metadata. */
export interface MetadataAnswer {
  readonly url: string
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/** Sends a GET request and follows no redirect. */
export type Get = (url: string) => Promise<Response>

/**
 * Reads the metadata of an authorization server.
 *
 * @throws {UnavailableAnswer} for 5xx and 429
 * @throws {UnusableAnswer} with URL, status and, of a redirect, its target; or with both issuers where they differ
 * @see {@link https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig OpenID Connect Discovery section 4}
 */
export async function discover(
  configuration: Configuration['authorizationServer'],
  protocol: Protocol,
  signal: AbortSignal,
): Promise<oauth.AuthorizationServer> {
  const get: Get = (url) =>
    protocol.requestOptions(signal)[oauth.customFetch](url, {
      method: 'GET',
      headers: { accept: 'application/json' },
      body: undefined,
      redirect: 'manual',
      signal,
    })
  return read(await findMetadata(configuration.issuer, get), configuration)
}

/**
 * Asks for the metadata of OpenID Connect Discovery, or where there is none, for that of RFC 8414: authorization servers
 * without OpenID Connect have only the latter. Of two failures it gives the first, which an operator can mend.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8414#section-3 RFC 8414 section 3}
 */
export async function findMetadata(issuer: string, get: Get): Promise<MetadataAnswer> {
  const [openId, oauth2] = metadataUrls(issuer)
  const first = await follow(openId, get)
  if (first.status < 400 || first.status >= 500) return first
  const second = await follow(oauth2, get)
  return second.status === 200 ? second : first
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

/** Follows one redirect within the origin, such as to a trailing slash: no credentials go there. */
async function follow(url: string, get: Get): Promise<MetadataAnswer> {
  const answer = await getText(url, get)
  const location = answer.headers.get('location')
  if (answer.status < 300 || answer.status >= 400 || location === null) return answer
  const target = URL.canParse(location, url) ? new URL(location, url) : undefined
  return target?.origin === new URL(url).origin ? await getText(target.href, get) : answer
}

async function getText(url: string, get: Get): Promise<MetadataAnswer> {
  const response = await get(url)
  const { status, headers } = response
  return { url, status, headers, text: await response.text() }
}

function read(
  { url, status, headers, text }: MetadataAnswer,
  { issuer, allowedTenants }: Configuration['authorizationServer'],
): oauth.AuthorizationServer {
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
  const metadata = parseMetadata(text)
  if (metadata === undefined) throw new UnusableAnswer(`there is no JSON object at ${url}.`)
  const { issuer: named } = metadata
  if (typeof named !== 'string') {
    throw new UnusableAnswer(`its metadata at ${url} names no issuer.`)
  }
  if (named.includes(TENANT_PLACEHOLDER)) {
    checkTemplate(named, issuer, allowedTenants)
  } else if (!isNamed(issuer, named)) {
    throw new UnusableAnswer(
      `its metadata at ${url} is that of the issuer ${printable(named)}, and configured is ${issuer} (authorizationServer.issuer). They have to be the same, the trailing slash included.`,
    )
  }
  return { ...metadata, issuer: named }
}

/** Whether metadata that names this issuer is that of the configured one, or of all tenants of which it is one. */
export function isNamed(issuer: string, named: string): boolean {
  if (named.includes(TENANT_PLACEHOLDER)) return fitsTemplate(issuer, named)
  return URL.canParse(named) && new URL(named).href === new URL(issuer).href
}

/** `null` and `""` are what some servers write for what is absent. */
export function parseMetadata(text: string): Record<string, unknown> | undefined {
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
  if (!fitsTemplate(issuer, template)) {
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

function fitsTemplate(issuer: string, template: string): boolean {
  const [before = '', after = ''] = template.split(TENANT_PLACEHOLDER)
  const tenant = issuer.slice(before.length, issuer.length - after.length)
  return issuer === `${before}${tenant}${after}` && /^[\w.-]+$/.test(tenant)
}

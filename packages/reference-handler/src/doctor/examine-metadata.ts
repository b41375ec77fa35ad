// The authorization server's metadata, looked at once: by the doctor, and by `token-handler serve` as it starts.
import type { Configuration } from '../configuration/schema.ts'
import { isCallable, isConfidential } from '../configuration/urls.ts'
import type { Fetch } from '../ports.ts'
import { compareClocks } from './clock.ts'
import type { Finding } from './finding.ts'
import { describeNetworkError, isCertificateError, untrustedCertificate } from './network-error.ts'
import { findMetadata, isNamed, metadataUrls, parseMetadata } from '../oauth-client/discovery.ts'
import type { MetadataAnswer } from '../oauth-client/discovery.ts'
import { TENANT_PLACEHOLDER } from '../oauth-client/issuer.ts'
import { applyConfiguration } from '../oauth-client/metadata-rules.ts'
import { serverTls } from '../oauth-client/server-tls.ts'
import { safeMessage } from '../oauth-client/classify-failure.ts'
import { needsSigningKeys } from '../configuration/signing-keys.ts'
import { isHttpUrl } from '@token-handler/contract'

type Settings = Configuration['authorizationServer']

/** What says which metadata is needed. */
export type MetadataSettings = Pick<Configuration, 'authorizationServer' | 'client' | 'profile'>

/** What the metadata is examined with. */
export interface MetadataPorts {
  readonly fetch: Fetch
  readonly now: () => number
  /** Aborts the requests; besides, each has the configuration's time limit. */
  readonly signal?: AbortSignal
}

const SETTING = 'authorizationServer.issuer'

/** As the handler has it: then it reads no metadata. */
const isExplicit = ({ authorizationServer, client }: MetadataSettings): boolean =>
  authorizationServer.authorizationEndpoint !== undefined &&
  authorizationServer.tokenEndpoint !== undefined &&
  (authorizationServer.jwksUri !== undefined || !needsSigningKeys(client))

/**
 * Fetches the metadata of the authorization server, and finds what is wrong with it and with the clock. Never
 * rejects. Where the configuration names every endpoint, no metadata is needed, and nothing is found.
 *
 * @see {@link https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig OpenID Connect Discovery section 4}
 */
export async function examineMetadata(
  configuration: MetadataSettings,
  ports: MetadataPorts,
): Promise<readonly Finding[]> {
  if (isExplicit(configuration)) return []
  const { authorizationServer: settings, client } = configuration
  const get = (address: string) => ask(address, settings, ports)
  let answer: MetadataAnswer
  try {
    answer = await findMetadata(settings.issuer, get)
  } catch (error) {
    const [url] = metadataUrls(settings.issuer)
    return [isCertificateError(error) ? untrustedCertificate(url, error) : unreachable(url, error)]
  }
  const { headers, status, text, url } = answer
  const clock = compareClocks(headers, ports.now(), {
    about: url,
    here: 'The clock of this machine',
    there: 'that of the authorization server',
  })
  if (status < 200 || status >= 300) {
    const elsewhere = await findElsewhere(settings.issuer, get)
    return [wrongStatus(url, status, elsewhere), ...clock]
  }
  const metadata = parseMetadata(text)
  if (metadata === undefined) return [unusable(url, 'it is no JSON object'), ...clock]
  const findings = judge(settings, needsSigningKeys(client), url, metadata)
  return [
    ...(findings.length > 0 ? findings : judgeDemands(configuration, url, metadata)),
    ...clock,
  ]
}

/** What the configuration demands besides, such as its profile. */
function judgeDemands(
  configuration: MetadataSettings,
  url: string,
  metadata: Record<string, unknown>,
): readonly Finding[] {
  try {
    applyConfiguration({ ...metadata, issuer: String(metadata['issuer']) }, configuration)
    return []
  } catch (error) {
    return [unusable(url, safeMessage(error)?.replace(/\.$/, '') ?? 'it is malformed')]
  }
}

async function ask(url: string, settings: Settings, ports: MetadataPorts): Promise<Response> {
  const { timeout } = settings
  const limits = [AbortSignal.timeout(timeout * 1000), ...(ports.signal ? [ports.signal] : [])]
  const headers = { accept: 'application/json' }
  const signal = AbortSignal.any(limits)
  const { anonymous } = serverTls(settings)
  return await ports.fetch(url, {
    method: 'GET',
    headers,
    redirect: 'manual',
    signal,
    ...anonymous,
  })
}

/** The issuer whose metadata is nearer to the root than the configuration says, or is what it says. */
async function findElsewhere(
  issuer: string,
  get: (url: string) => Promise<Response>,
): Promise<string | undefined> {
  const { origin, pathname } = new URL(issuer)
  const shortened = pathname.replace(/\/\.well-known\/.*$/, '')
  const candidates = new Set([origin + shortened, origin].map((url) => url.replace(/\/$/, '')))
  candidates.delete(issuer)
  for (const candidate of candidates) {
    const answer = await findMetadata(candidate, get).catch(() => undefined)
    const found = answer?.status === 200 ? parseMetadata(answer.text) : undefined
    if (found?.['issuer'] === candidate) return candidate
  }
  return undefined
}

function unreachable(url: string, error: unknown): Finding {
  return {
    code: 'metadata_unreachable',
    about: SETTING,
    cause: `GET ${url} failed: ${describeNetworkError(error)}.`,
    mend: `Correct ${SETTING}, or start the authorization server. This machine has to reach it: check name, port and firewall from here.`,
  }
}

function wrongStatus(url: string, status: number, elsewhere: string | undefined): Finding {
  return {
    code: 'metadata_status',
    about: SETTING,
    cause: `GET ${url} was answered with ${status}, not with 200.`,
    mend:
      elsewhere === undefined
        ? `Correct ${SETTING}: it is the "issuer" of the metadata document, and the document is below it at /.well-known/openid-configuration. Where there is no document, set authorizationEndpoint, tokenEndpoint and jwksUri.`
        : `Set ${SETTING} to ${elsewhere}: its metadata is there.`,
  }
}

const unusable = (url: string, what: string): Finding => ({
  code: 'metadata_unusable',
  about: SETTING,
  cause: `The metadata at ${url} cannot be used: ${what}.`,
  mend: `Correct ${SETTING}, or set the endpoint in the configuration: authorizationEndpoint, tokenEndpoint, jwksUri.`,
})

function judge(
  settings: Settings,
  needsKeys: boolean,
  url: string,
  metadata: Record<string, unknown>,
): readonly Finding[] {
  const { issuer } = metadata
  const isSame = typeof issuer === 'string' && isNamed(settings.issuer, issuer)
  if (!isSame && issuer !== undefined) return [mismatch(settings.issuer, url, issuer)]
  if (isSame && issuer.includes(TENANT_PLACEHOLDER) && settings.allowedTenants === undefined) {
    return [tenantsNotListed(url, issuer)]
  }
  const endpoints = {
    authorization_endpoint: settings.authorizationEndpoint ?? metadata['authorization_endpoint'],
    token_endpoint: settings.tokenEndpoint ?? metadata['token_endpoint'],
    ...(needsKeys && { jwks_uri: settings.jwksUri ?? metadata['jwks_uri'] }),
  }
  const wrong = Object.entries(endpoints).filter(
    ([name, endpoint]) =>
      !isHttpUrl(endpoint) ||
      // Browsers are sent to the first; the handler calls the others.
      !(name === 'authorization_endpoint'
        ? isConfidential(endpoint)
        : isCallable(endpoint, settings.plainHttpHosts)),
  )
  if (issuer === undefined) wrong.unshift(['issuer', undefined])
  if (wrong.length > 0) {
    const names = wrong.map(([name]) => name).join(', ')
    return [unusable(url, `it names no https URL as ${names}`)]
  }
  const methods = metadata['code_challenge_methods_supported']
  const isListed = Array.isArray(methods) && methods.includes('S256')
  return isListed || settings.assumesS256 ? [] : [notListed(url)]
}

/** What another program wrote, short and without control characters. */
const quote = (value: unknown): string =>
  (typeof value === 'string' ? value : typeof value).replaceAll(/[^ -~]/g, '?').slice(0, 200)

const mismatch = (issuer: string, url: string, named: unknown): Finding => ({
  code: 'issuer_mismatch',
  about: SETTING,
  cause: `The metadata at ${url} names the issuer ${quote(named)}, and the configuration ${issuer}.`,
  mend: `Set ${SETTING} to ${quote(named)}, character by character. Where that is a name that this machine cannot reach, set the endpoints in the configuration.`,
})

const notListed = (url: string): Finding => ({
  code: 'pkce_not_listed',
  about: SETTING,
  cause: `The metadata at ${url} does not list S256 in code_challenge_methods_supported.`,
  mend: 'Switch PKCE with S256 on at the authorization server. Where it supports S256 and does not say so (Microsoft Entra ID, Amazon Cognito), set authorizationServer.assumesS256.',
})

const tenantsNotListed = (url: string, template: string): Finding => ({
  code: 'metadata_unusable',
  about: SETTING,
  cause: `The metadata at ${url} is for several organisations: it names the issuer ${quote(template)}.`,
  mend: `List the tenants whose users may sign in as authorizationServer.allowedTenants, or set ${SETTING} to that of one tenant.`,
})

// Whether the authorization server knows the client: its credentials by a made-up code, its redirect URI by a visit.
import * as oauth from 'oauth4webapi'
import { createTransaction, authorizationUrl } from '../../oauth-client/authorization-request.ts'
import { isErrorCode } from '../../oauth-client/classify-failure.ts'
import { sendWithNonce } from '../../oauth-client/dpop-nonce.ts'
import { isAboutClient, means } from '../../oauth-client/error-meanings.ts'
import type { Endpoint } from '../../oauth-client/endpoint.ts'
import type { Configuration } from '../../configuration/schema.ts'
import type { Fetch } from '../../ports.ts'
import type { Finding, Report } from '../finding.ts'
import { describeNetworkError } from '../network-error.ts'

type Client = Configuration['client']

/** No authorization server has issued it. */
const MADE_UP_CODE = 'token-handler-doctor-made-this-up'

const isOAuthError = (value: unknown): value is string =>
  typeof value === 'string' && isErrorCode(value)

/** Sends a made-up code to the token endpoint: what is wrong with the client is said before what is wrong with the code. */
export async function examineCredentials(
  { dpop, metadata, protocol, signal }: Endpoint,
  client: Client,
): Promise<Report> {
  const about = metadata.token_endpoint
  let response
  try {
    const key = await dpop?.newest()
    response = await sendWithNonce(() =>
      oauth.genericTokenEndpointRequest(
        metadata,
        protocol.client,
        protocol.authentication,
        'authorization_code',
        {
          code: MADE_UP_CODE,
          redirect_uri: client.redirectUri,
          code_verifier: oauth.generateRandomCodeVerifier(),
        },
        { ...protocol.requestOptions(signal), ...(key && { DPoP: key.handle }) },
      ),
    )
  } catch (error) {
    const cause = `POST ${about} failed: ${describeNetworkError(error)}.`
    const mend =
      'See that this machine reaches the token endpoint; authorizationServer.tokenEndpoint may name an internal address.'
    return { findings: [{ code: 'token_endpoint_failed', about, cause, mend }], notes: [] }
  }
  const error = await readError(response)
  const { status } = response
  if (status === 401 || isAboutClient(error)) {
    return { findings: [refused(client, about, status, error)], notes: [] }
  }
  if (error === 'invalid_grant') return { findings: [], notes: [] }
  if (status >= 500) {
    const cause = `POST ${about} with a made-up code was answered with ${status}.`
    const mend = 'Look into the log of the authorization server, which failed.'
    return { findings: [{ code: 'token_endpoint_failed', about, cause, mend }], notes: [] }
  }
  const note = `${about} answered ${status}${error === undefined ? '' : ` with ${error}`} to a made-up code, which says nothing certain about the client's credentials.`
  return { findings: [], notes: [note] }
}

async function readError(response: Response): Promise<string | undefined> {
  try {
    const { error } = JSON.parse(await response.text()) as { readonly error?: unknown }
    return isOAuthError(error) ? error : undefined
  } catch {
    return undefined
  }
}

const refused = (client: Client, about: string, status: number, error?: string): Finding => ({
  code: 'client_refused',
  about: 'client',
  cause: `${about} answered ${status}${error === undefined ? '' : ` with ${error}`}: it does not accept the client ${client.id} with ${client.authentication}.`,
  mend:
    client.authentication === 'private_key_jwt'
      ? 'Correct client.id and client.privateKey, and register the public key there.'
      : 'Correct client.id and client.secret (a line break at the end of a file counts at some servers), or client.authentication: some servers take the secret as client_secret_post only.',
})

/** Visits the authorization endpoint as a browser would, without a user and without following anything. */
export async function examineRedirectUri(
  endpoint: Endpoint,
  client: Client,
  fetch: Fetch,
): Promise<Report> {
  const visit = async (redirectUri: string) => {
    const extra = new URLSearchParams({ prompt: 'none' })
    const transaction = createTransaction(client, extra)
    const url = await authorizationUrl(endpoint, { ...client, redirectUri }, transaction, extra)
    const headers = { accept: 'text/html' }
    const { signal } = endpoint
    const response = await fetch(url, { method: 'GET', headers, redirect: 'manual', signal })
    return { response, body: await response.text() }
  }
  const about = endpoint.metadata.authorization_endpoint
  try {
    const { response, body } = await visit(client.redirectUri)
    const answer = readAnswer(response, about, client.redirectUri)
    if (answer.kind === 'back') return judgeError(answer.error, about)
    if (response.status >= 400) {
      const isAboutClient = /invalid_client|unknown client|client[ _]id/i.test(body)
      const isAboutUri = /redirect[ _-]?ur[il]/i.test(body)
      if (isAboutClient && !isAboutUri) return { findings: [], notes: [] }
      return { findings: [refusedUri(client.redirectUri, about, response.status)], notes: [] }
    }
    const control = await visit('https://token-handler-doctor.invalid/callback')
    const other = readAnswer(control.response, about, '')
    const differs = control.response.status !== response.status || other.place !== answer.place
    if (differs) return { findings: [], notes: [] }
    const note = `${about} answers a registered and an unregistered redirect URI alike, so whether ${client.redirectUri} is registered is not known.`
    return { findings: [], notes: [note] }
  } catch (error) {
    return judgePush(error, client, about)
  }
}

type Answer =
  | { readonly kind: 'back'; readonly error: string | undefined; readonly place: string }
  | { readonly kind: 'page'; readonly place: string }

/** Whether an answer leads back to the application, and else to which page, without what is different each time. */
function readAnswer(response: Response, about: string, redirectUri: string): Answer {
  const location = response.headers.get('location')
  if (location === null || !URL.canParse(location, about)) return { kind: 'page', place: '' }
  const url = new URL(location, about)
  const place = url.origin + url.pathname.split('/').slice(0, 3).join('/')
  if (redirectUri === '' || !isCallback(url, redirectUri)) return { kind: 'page', place }
  const error = url.searchParams.get('error')
  return { kind: 'back', error: isOAuthError(error) ? error : undefined, place }
}

function isCallback(url: URL, redirectUri: string): boolean {
  const expected = new URL(redirectUri)
  return url.origin === expected.origin && url.pathname === expected.pathname
}

/** What the answer to `prompt=none` is without a session says that the request itself was accepted. */
function judgeError(error: string | undefined, about: string): Report {
  if (error === undefined || means(error, 'sign in again')) return { findings: [], notes: [] }
  const cause = `${about} sends the browser back with ${error}.`
  const mend =
    error === 'invalid_scope'
      ? 'Allow the scopes of client.scope for this client, or take out those that it does not know.'
      : 'Correct what this client may do at the authorization server: response type code, grant type authorization_code, and the scopes of client.scope.'
  return { findings: [{ code: 'request_refused', about: 'client', cause, mend }], notes: [] }
}

const refusedUri = (redirectUri: string, about: string, status: number): Finding => ({
  code: 'redirect_uri_refused',
  about: 'client.redirectUri',
  cause: `${about} answered ${status} to a request with the redirect URI ${redirectUri}, and does not lead back to it.`,
  mend: `Register ${redirectUri} for this client at the authorization server, character by character, or set client.redirectUri to one that is registered.`,
})

/** What a pushed authorization request was answered with; other errors are told elsewhere. */
function judgePush(error: unknown, client: Client, about: string): Report {
  if (error instanceof oauth.ResponseBodyError && isOAuthError(error.error)) {
    const isUri = /redirect/i.test(`${error.error} ${error.error_description ?? ''}`)
    if (isUri) return { findings: [refusedUri(client.redirectUri, about, error.status)], notes: [] }
    if (isAboutClient(error.error)) return { findings: [], notes: [] }
    return judgeError(error.error, about)
  }
  const note = `${about} was not visited: ${describeNetworkError(error)}.`
  return { findings: [], notes: [note] }
}

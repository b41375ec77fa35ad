// Whether CORS headers arrive as the handler sends them: there, single, exact, and for this origin alone.
import { VERSION_HEADER } from '@token-handler/contract'
import type { Finding } from '../finding.ts'
import { pageHeaders } from './send.ts'
import type { Answer, Send } from './send.ts'

const ALLOW_ORIGIN = 'access-control-allow-origin'

const single = [
  ALLOW_ORIGIN,
  'access-control-allow-credentials',
  'access-control-expose-headers',
  'access-control-allow-headers',
  'access-control-allow-methods',
]

const exposed = ['www-authenticate', 'retry-after']

/** Names in a list of header names, in lower case. */
const namesIn = (lines: readonly string[]): readonly string[] =>
  lines.flatMap((line) => line.split(',')).map((name) => name.trim().toLowerCase())

/**
 * Judges the CORS headers of an answer that a page of another origin has to be able to read.
 *
 * @param what - the request, for the cause
 */
export function judgeCors(
  answer: Answer,
  what: string,
  place: { readonly about: string; readonly origin: string },
): readonly Finding[] {
  const { about, origin } = place
  const repeated = single.filter((name) => answer.all(name).length > 1)
  if (repeated.length > 0) {
    const cause = `The answer to ${what} has ${repeated.join(' and ')} more than once, which browsers refuse.`
    return [{ code: 'cors_headers_repeated', about, cause, mend: ONE_SOURCE }]
  }
  const [allowed] = answer.all(ALLOW_ORIGIN)
  const [credentials] = answer.all('access-control-allow-credentials')
  if (allowed === undefined) {
    const cause = `The answer to ${what} (${answer.status}) has no ${ALLOW_ORIGIN}, so pages of ${origin} cannot read it.`
    const mend =
      'Have the gateway hand on the headers access-control-… of every answer, errors included.'
    return [{ code: 'cors_headers_missing', about, cause, mend }]
  }
  if (allowed !== origin || credentials !== 'true') {
    const cause = `The answer to ${what} has ${ALLOW_ORIGIN}: ${allowed.slice(0, 100)} and access-control-allow-credentials: ${credentials?.slice(0, 20) ?? 'nothing'}; with cookies browsers need exactly ${origin} and true.`
    return [{ code: 'cors_headers_changed', about, cause, mend: ONE_SOURCE }]
  }
  return []
}

const ONE_SOURCE =
  'Let the handler alone write CORS headers: remove those that the gateway adds or sets.'

/** Whether pages can read the headers that tell them what to do after an error. */
export function judgeExposure(answer: Answer, about: string): readonly Finding[] {
  const names = namesIn(answer.all('access-control-expose-headers'))
  const missing = exposed.filter((name) => !names.includes(name))
  if (missing.length === 0) return []
  const cause = `access-control-expose-headers does not name ${missing.join(' and ')}.`
  const mend =
    'Have the gateway hand on this header as it is: step-up sign-ins and waiting times depend on it.'
  return [{ code: 'headers_not_exposed', about, cause, mend }]
}

/** Sends the preflight of a sign-in. */
export async function examinePreflight(
  agentUrl: string,
  origin: string,
  send: Send,
): Promise<readonly Finding[]> {
  const url = `${agentUrl}/login/start`
  const answer = await send(url, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': VERSION_HEADER,
    },
  })
  const place = { about: agentUrl, origin }
  const cors = judgeCors(answer, `the preflight OPTIONS ${url}`, place)
  if (cors.length > 0) return cors
  const headers = namesIn(answer.all('access-control-allow-headers'))
  const isFine = answer.status >= 200 && answer.status < 300 && headers.includes(VERSION_HEADER)
  if (isFine) return []
  const cause = `The preflight OPTIONS ${url} was answered with ${answer.status} and access-control-allow-headers: ${headers.join(', ').slice(0, 100) || 'nothing'}; browsers need a 2xx and ${VERSION_HEADER}.`
  const mend =
    'Have the gateway hand OPTIONS requests on to the handler, in place of its own answer.'
  return [{ code: 'preflight_refused', about: agentUrl, cause, mend }]
}

/** Whether a page of any other origin could read the answers. */
export async function examineForeignOrigin(
  agentUrl: string,
  send: Send,
): Promise<readonly Finding[]> {
  const foreign = 'https://token-handler-doctor.invalid'
  const answer = await send(`${agentUrl}/session`, { headers: pageHeaders(foreign) })
  const [allowed] = answer.all(ALLOW_ORIGIN)
  if (allowed !== foreign && allowed !== '*') return []
  const cause = `A page of the made-up origin ${foreign} is allowed to read answers: ${ALLOW_ORIGIN}: ${allowed}.`
  return [{ code: 'cors_headers_changed', about: agentUrl, cause, mend: ONE_SOURCE }]
}

// What else happens on the way: caches, limits of headers, error pages, and headers that come or go.
import { VERSION_HEADER } from '@token-handler/contract'
import type { Finding } from '../finding.ts'
import { judgeCors } from './examine-cors.ts'
import { pageHeaders } from './send.ts'
import type { Answer, Send } from './send.ts'

/** Where the agent is, and for which page. */
export interface AnswerPlace {
  readonly agentUrl: string
  readonly origin: string
  /** Whether page and agent have one origin: then CORS is of no concern. */
  readonly isSameOrigin: boolean
  readonly send: Send
  /** Makes URLs that no cache has seen. */
  readonly unique: () => string
}

/** Bytes of cookies that the way to the agent has to bear. */
const COOKIE_BYTES = 12_288

/** A refresh without a session is refused, with JSON that a page can read. */
export async function examineErrors(place: AnswerPlace): Promise<readonly Finding[]> {
  const { agentUrl: about, origin, isSameOrigin, send } = place
  const answer = await send(`${about}/refresh`, { method: 'POST', headers: pageHeaders(origin) })
  const cors = isSameOrigin ? [] : judgeCors(answer, `POST ${about}/refresh`, { about, origin })
  if (cors.length > 0) return cors
  const isOurs = answer.status === 401 && typeof answer.json?.['error_code'] === 'string'
  if (isOurs || answer.status === 429) return []
  const cause = `POST ${about}/refresh without a session was answered with ${answer.status}${answer.json === undefined ? ' and no JSON' : ''}; the agent answers 401 with an error_code.`
  const mend =
    'Have the gateway hand error answers on as they are (nginx: proxy_intercept_errors off), or the SDK cannot tell an ended session from a failure.'
  return [{ code: 'error_answers_replaced', about, cause, mend }]
}

/**
 * Asks without the version header what the agent refuses then: a success comes from a cache, or somebody has added
 * the header. A URL that no cache has seen tells the two apart.
 */
export async function examineVersionHeader(place: AnswerPlace): Promise<readonly Finding[]> {
  const { agentUrl: about, origin, send, unique } = place
  const fresh = `${about}/session?${unique()}`
  const bare = await send(fresh, { headers: { origin } })
  if (bare.status === 200) {
    const cause = `GET ${about}/session without the header ${VERSION_HEADER} succeeds: something on the way adds it, or answers from a cache without looking at the query.`
    const mend =
      'Remove what sets this header: it is the proof that a page asked, and pages of other origins must not get it for nothing.'
    return [{ code: 'version_header_added', about, cause, mend }]
  }
  const known = `${about}/session?${unique()}`
  await send(known, { headers: pageHeaders(origin) })
  const again = await send(known, { headers: { origin } })
  if (again.status !== 200) return []
  return [cached(about, again)]
}

function cached(about: string, answer: Answer): Finding {
  const [age] = answer.all('age')
  return {
    code: 'answers_cached',
    about,
    cause: `GET ${about}/session was answered once with the header ${VERSION_HEADER}, and then without it as well, which the agent refuses: a cache on the way has kept the answer${age === undefined ? '' : ` (Age: ${age.slice(0, 10)})`}.`,
    mend: 'Switch caching off for the paths of agent and proxy: one user would get the answers of another, and a new session would not be seen.',
  }
}

/** Whether the answers still forbid caching. */
export function judgeCacheControl(answer: Answer, about: string): readonly Finding[] {
  const isForbidden = answer.all('cache-control').some((line) => /\bno-store\b/i.test(line))
  if (isForbidden) return []
  const cause = `GET ${about}/session arrives without Cache-Control: no-store, with which the agent sends it.`
  const mend = 'Have the gateway hand Cache-Control on as it is.'
  return [{ code: 'cache_control_stripped', about, cause, mend }]
}

/** Sends as many cookies as a site may have. */
export async function examineHeaderLimit(place: AnswerPlace): Promise<readonly Finding[]> {
  const { agentUrl: about, origin, send } = place
  const cookie = Array.from({ length: 4 }, (_, index) => `doctor${index}=${'x'.repeat(3060)}`)
  const headers = { ...pageHeaders(origin), cookie: cookie.join('; ') }
  const answer = await send(`${about}/session`, { headers }).catch(() => undefined)
  if (answer?.status === 200) return []
  const what = answer === undefined ? 'was cut off' : `was answered with ${answer.status}`
  const cause = `GET ${about}/session with ${COOKIE_BYTES} bytes of cookies ${what}, and without them with 200.`
  const mend =
    'Raise the limit of request headers to 16 kB at the gateway (nginx: large_client_header_buffers 4 16k; HAProxy: tune.bufsize 32768).'
  return [{ code: 'header_limit', about, cause, mend }]
}

/** Days before its end at which a certificate is worth a word. */
const WARN_DAYS = 7

/** Whether the certificate ends soon. */
export function judgeCertificate(
  { certificateEnds }: Answer,
  about: string,
  now: number,
): readonly Finding[] {
  if (certificateEnds === undefined) return []
  const days = Math.floor((certificateEnds - now) / 86_400_000)
  if (days >= WARN_DAYS) return []
  const cause = `The certificate of ${about} ends in ${days} days.`
  return [{ code: 'certificate_expires', about, cause, mend: 'Renew it.' }]
}

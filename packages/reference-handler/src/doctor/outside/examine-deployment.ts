// The doctor from outside: an agent's URL and the origin of its SPA, seen as a browser sees them.
import { randomUUID } from 'node:crypto'
import { compareClocks } from '../clock.ts'
import type { DoctorPorts } from '../doctor-ports.ts'
import { joinReports } from '../finding.ts'
import type { Finding, Report } from '../finding.ts'
import { describeNetworkError } from '../network-error.ts'
import { examineApi } from './examine-api.ts'
import { examineForeignOrigin, examinePreflight, judgeCors, judgeExposure } from './examine-cors.ts'
import {
  examineErrors,
  examineHeaderLimit,
  examineVersionHeader,
  judgeCacheControl,
  judgeCertificate,
} from './examine-answers.ts'
import type { AnswerPlace } from './examine-answers.ts'
import { examineDeviceBinding } from './examine-device-binding.ts'
import { examineLogin, startLogin } from './examine-login.ts'
import { examinePlace } from './examine-place.ts'
import { findAgent } from './find-agent.ts'
import { createSend } from './send.ts'
import type { Answer } from './send.ts'

/** What is examined. */
export interface DeploymentPlace {
  /** The agent's URL, as the SPA is given it. */
  readonly agentUrl: string
  /** The SPA's origin, as the address bar shows it. */
  readonly origin: string
  /** The issuer, when it is known; else it is looked for at the authorization URL. */
  readonly issuer?: string
  /** A URL of an API behind the proxy, to see whether it has a route. */
  readonly apiUrl?: string
  /** Whether `deviceBinding.mode` is on, when it is known. */
  readonly isDeviceBound?: boolean
}

/**
 * Examines a deployment from outside, through everything that stands in front of it: site and scheme, path, CORS and
 * preflights, cookies, what gateways strip or add, caches, limits, instances, clock and certificate. Starts a few
 * sign-ins and ends them; no user, and no token, takes part.
 *
 * @param place - where the agent is, and for which SPA
 * @param ports - clock, and authorities to trust
 * @returns what is wrong, each with cause and mend
 *
 * @example
 * import { examineDeployment } from '@token-handler/reference-handler/doctor'
 * import { createNodeFetch } from '@token-handler/reference-handler/fastify'
 *
 * const place = { agentUrl: 'https://api.example.com/oauth-agent', origin: 'https://www.example.com' }
 * const { findings } = await examineDeployment(place, { fetch: createNodeFetch(), now: Date.now })
 * console.log(findings)
 * @see {@link https://fetch.spec.whatwg.org/#http-cors-protocol Fetch, CORS protocol}
 */
export async function examineDeployment(
  place: DeploymentPlace,
  ports: DoctorPorts,
): Promise<Report> {
  const agentUrl = place.agentUrl.replace(/\/+$/, '')
  const site: Report = { findings: examinePlace(agentUrl, place.origin), notes: [] }
  const send = createSend(ports.ca)
  const meeting = await findAgent(agentUrl, place.origin, send)
  if (meeting.kind === 'not met') {
    return joinReports([site, { findings: [meeting.finding], notes: [] }])
  }
  const wholePlace = {
    ...place,
    agentUrl,
    isSameOrigin: new URL(agentUrl).origin === place.origin,
    send,
    unique: () => `doctor=${randomUUID()}`,
  }
  try {
    return joinReports([site, await examineAnswers(wholePlace, meeting.answer, ports)])
  } catch (error) {
    const note = `The examination broke off: ${describeNetworkError(error)}.`
    return joinReports([site, { findings: [], notes: [note] }])
  }
}

async function examineAnswers(
  place: AnswerPlace & DeploymentPlace,
  session: Answer,
  { now }: DoctorPorts,
): Promise<Report> {
  const { agentUrl: about, origin, send } = place
  const headers = { get: (name: string) => session.all(name)[0] ?? null }
  const clocks = { about, here: 'The clock of this machine', there: 'that of the handler' }
  const general: Report = {
    findings: [
      ...judgeCertificate(session, about, now()),
      ...compareClocks(headers, now(), clocks),
    ],
    notes: [],
  }
  const started = await startLogin(place)
  const refusal = judgeRefusals(place, session, started)
  if (refusal !== undefined) return joinReports([general, { findings: [refusal], notes: [] }])

  const cors = place.isSameOrigin
    ? []
    : [
        ...judgeCors(session, `GET ${about}/session`, { about, origin }),
        ...(await examinePreflight(about, origin, send)),
      ].slice(0, 1)
  const isReadable = cors.length === 0
  const findings = [
    ...cors,
    ...(isReadable && !place.isSameOrigin ? judgeExposure(session, about) : []),
    ...(isReadable ? await examineForeignOrigin(about, send) : []),
    ...(isReadable ? await examineErrors(place) : []),
    ...judgeCacheControl(session, about),
    ...(await examineVersionHeader(place)),
    ...(await examineHeaderLimit(place)),
    ...(await examineDeviceBinding(place, place.isDeviceBound)),
    ...(place.apiUrl === undefined ? [] : await examineApi(place.apiUrl, origin, send)),
  ]
  const login = judgeStart(about, started) ?? (await examineLogin(place, started))
  return joinReports([general, { findings, notes: [] }, login])
}

/** Why the agent refuses what a page of the SPA sends, if it does. */
function judgeRefusals(
  { agentUrl: about, origin }: DeploymentPlace,
  session: Answer,
  started: Answer,
): Finding | undefined {
  const isReadable = session.all('access-control-allow-origin').length > 0
  if (session.status === 403 && isReadable) {
    const cause = `GET ${about}/session with the header token-handler-version: 1 was answered with 403: the agent trusts the origin and does not see the header.`
    const mend = 'Have the gateway hand the header token-handler-version on.'
    return { code: 'version_header_stripped', about, cause, mend }
  }
  if (session.status === 403) {
    const cause = `GET ${about}/session from ${origin} was answered with 403: the agent does not trust this origin, or a gateway changes Origin.`
    const mend = `Add ${origin} to trustedOrigins (TOKEN_HANDLER_TRUSTED_ORIGINS), character by character: scheme, host and port as the address bar shows them.`
    return { code: 'origin_not_trusted', about, cause, mend }
  }
  if (started.status === 403) {
    const cause = `GET ${about}/session from ${origin} succeeds, and POST ${about}/login/start is refused with 403: no Origin reaches the agent.`
    const mend = 'Have the gateway hand the header Origin on, unchanged.'
    return { code: 'origin_stripped', about, cause, mend }
  }
  return undefined
}

/** What is wrong when a sign-in does not start. */
function judgeStart(about: string, started: Answer): Report | undefined {
  const code = started.json?.['error_code']
  if (started.status === 200 && URL.canParse(String(started.json?.['authorization_url']))) {
    return undefined
  }
  if (started.status === 429) {
    const note =
      'Cookies and instances were not checked: sign-ins are limited; try again in a minute.'
    return { findings: [], notes: [note] }
  }
  const cause = `POST ${about}/login/start was answered with ${started.status}${typeof code === 'string' ? ` ${code.slice(0, 60)}` : ''}.`
  const mend =
    started.status === 502 || started.status === 503
      ? 'The handler cannot use its authorization server: run token-handler doctor --config where the handler runs.'
      : 'See the log of the handler, and run token-handler doctor --config where it runs.'
  return { findings: [{ code: 'sign_in_cannot_start', about, cause, mend }], notes: [] }
}

// The doctor from the inside: one configuration, and everything that it names.
import { connectionOf } from '../../oauth-client/connection.ts'
import type { Endpoint } from '../../oauth-client/endpoint.ts'
import { serverTls } from '../../oauth-client/server-tls.ts'
import type { Configuration } from '../../configuration/schema.ts'
import type { Fetch, Ports } from '../../ports.ts'
import type { DoctorPorts } from '../doctor-ports.ts'
import { examineMetadata } from '../examine-metadata.ts'
import type { Report } from '../finding.ts'
import { joinReports } from '../finding.ts'
import { examineCredentials, examineRedirectUri } from './examine-client.ts'
import { examineSignIn } from './examine-sign-in.ts'
import { examineUpstreams } from './examine-upstreams.ts'

const silent = { debug() {}, info() {}, warn() {}, error() {} }

/** Findings after which the authorization server is asked no more. */
const isDecisive = ({ findings }: Report): boolean =>
  findings.some(({ code }) => code !== 'clock_off')

/**
 * Examines a configuration from where the handler runs: the authorization server's metadata, the clock, the client's
 * credentials with a made-up code, its redirect URI, and every upstream. Changes nothing, and sends no token.
 *
 * @param configuration - from `parseConfiguration`
 * @param ports - network and clock; with `signIn`, a user is signed in too, and the size of the cookies is checked
 * @returns what is wrong, each with cause and mend
 *
 * @example
 * import { readFile } from 'node:fs/promises'
 * import { parseConfiguration } from '@token-handler/reference-handler'
 * import { examineConfiguration } from '@token-handler/reference-handler/doctor'
 * import { createNodeFetch } from '@token-handler/reference-handler/fastify'
 *
 * const configuration = parseConfiguration(JSON.parse(await readFile('token-handler.json', 'utf8')))
 * const ports = { fetch: createNodeFetch(), now: Date.now }
 * const { findings } = await examineConfiguration(configuration, ports)
 * for (const { cause, mend } of findings) console.log(cause, mend)
 * @see {@link https://openid.net/specs/openid-connect-discovery-1_0.html OpenID Connect Discovery}
 */
export async function examineConfiguration(
  configuration: Configuration,
  ports: DoctorPorts,
): Promise<Report> {
  const [server, upstreams] = await Promise.all([
    examineAuthorizationServer(configuration, ports),
    examineUpstreams(configuration, ports.ca),
  ])
  return joinReports([server, { findings: upstreams, notes: [] }])
}

async function examineAuthorizationServer(
  configuration: Configuration,
  ports: DoctorPorts,
): Promise<Report> {
  const { client } = configuration
  const metadata: Report = {
    findings: await examineMetadata(configuration, ports),
    notes: [],
  }
  if (isDecisive(metadata)) return metadata

  const core: Ports = { fetch: ports.fetch, now: ports.now, log: silent }
  const { request } = connectionOf(configuration, core)
  const run = async (examine: (endpoint: Endpoint) => Promise<Report>): Promise<Report> => {
    const result = await request(examine)
    return result.ok ? result.value : { findings: [], notes: [result.failure.details] }
  }
  const credentials = await run((endpoint) => examineCredentials(endpoint, client))
  const { anonymous } = serverTls(configuration.authorizationServer)
  const visit: Fetch = (url, init) => ports.fetch(url, { ...init, ...anonymous })
  const redirectUri = await run((endpoint) => examineRedirectUri(endpoint, client, visit))
  const reports = [metadata, credentials, redirectUri]
  if (ports.signIn !== undefined && !reports.some(isDecisive)) {
    reports.push(await examineSignIn(configuration, core, ports.signIn))
  }
  return joinReports(reports)
}

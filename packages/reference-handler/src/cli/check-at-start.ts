// One look at the authorization server when `serve` starts: what is wrong is logged, and the server serves all the same.
import { errorPage } from '@token-handler/contract'
import type { Deployment } from '../configuration/load.ts'
import { examineMetadata } from '../doctor/examine-metadata.ts'
import type { MetadataPorts } from '../doctor/examine-metadata.ts'
import type { Log } from '../ports.ts'
import { tenantsOf } from './tenants-of.ts'

/** What may be over in a minute; the rest is a mistake of somebody. */
const passing = new Set(['metadata_unreachable'])

/**
 * Reads the metadata of every authorization server of a deployment once, and logs what is wrong with it, with the
 * issuer or with the clock: an authorization server that cannot be reached as a warning, everything else as an
 * error. Never rejects.
 */
export async function checkAtStart(
  deployment: Deployment,
  log: Pick<Log, 'warn' | 'error'>,
  ports: MetadataPorts,
): Promise<void> {
  const distinct = new Map(
    tenantsOf(deployment).map(({ configuration }) => [
      JSON.stringify(configuration.authorizationServer),
      configuration,
    ]),
  )
  for (const configuration of distinct.values()) {
    const findings = await examineMetadata(configuration, ports)
    if (ports.signal?.aborted === true) return
    for (const { code, cause, mend } of findings) {
      const level = passing.has(code) ? 'warn' : 'error'
      log[level]({ code, details: cause, mend, page: errorPage(code) }, 'sign-ins will fail')
    }
  }
}

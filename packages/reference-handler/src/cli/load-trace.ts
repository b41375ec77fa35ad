// OpenTelemetry for `serve`: its API is loaded where the configuration asks for it, and only there.
import type * as OpenTelemetry from '@opentelemetry/api'
import { ConfigurationError } from '../configuration/configuration-error.ts'
import { nameSetting } from '../configuration/describe-mistakes.ts'
import { variables } from '../configuration/environment-variables.ts'
import { openTelemetryTrace } from '../open-telemetry.ts'
import type { Trace } from '../ports.ts'

/**
 * Loads the port `trace`.
 *
 * @param load - imports the API
 * @throws {ConfigurationError} when it is not installed
 */
export async function loadTrace(
  // oxlint-disable-next-line no-restricted-imports -- on demand, and only here
  load: () => Promise<typeof OpenTelemetry> = () => import('@opentelemetry/api'),
): Promise<Trace> {
  try {
    return openTelemetryTrace(await load())
  } catch {
    const setting = nameSetting(['server', 'openTelemetry'], variables)
    const message =
      'needs the package @opentelemetry/api, which is not installed; install it beside this one, or remove the setting'
    throw new ConfigurationError([{ setting, message }])
  }
}

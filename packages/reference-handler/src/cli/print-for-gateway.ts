// `token-handler keys` and `token-handler gateway`: what a gateway needs of the configuration, as JSON.
import { loadDeployment } from '../configuration/load.ts'
import type { Deployment } from '../configuration/load.ts'
import type { Environment } from '../configuration/environment.ts'
import { gatewayKeysOf } from './gateway-keys.ts'
import { gatewaySettingsOf } from './gateway-settings.ts'
import { writePrivateFile } from './write-private-file.ts'

/** Where the configuration is, and where the outcome goes. */
export interface PrintOptions {
  /** Path of the configuration file. */
  readonly file?: string | undefined
  /** Path of the file to write, for its owner alone; without, it is printed. */
  readonly out?: string | undefined
  readonly environment: Environment
}

/** Commands by their names. */
export const gatewayCommands: ReadonlyMap<string, (deployment: Deployment) => object> = new Map([
  ['keys', gatewayKeysOf],
  ['gateway', gatewaySettingsOf],
])

/**
 * Prints or writes what a command makes of the configuration.
 *
 * @throws {ConfigurationError} when the configuration is wrong, or the file cannot be written
 */
export function printForGateway(
  describe: (deployment: Deployment) => object,
  { file, out, environment }: PrintOptions,
): void {
  const text = JSON.stringify(describe(loadDeployment({ file, environment })), null, 2)
  if (out === undefined) console.log(text)
  else writePrivateFile(out, `${text}\n`)
}

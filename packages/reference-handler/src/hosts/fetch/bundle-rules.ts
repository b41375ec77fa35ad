// What a configuration may not ask of a bundle that leaves code out.
import { ConfigurationError } from '../../configuration/configuration-error.ts'
import type { Mistake } from '../../configuration/configuration-error.ts'
import type { Configuration } from '../../configuration/schema.ts'
import type { Ports } from '../../ports.ts'

/**
 * Checks that a configuration needs no code that the bundler was told to leave out.
 *
 * @throws {ConfigurationError} with all that it needs
 */
export function requireWhatBundleHas(
  { client, deviceBinding, introspection, routes }: Configuration,
  { store }: Pick<Ports, 'store'>,
): void {
  const mistakes: Mistake[] = []
  const require = (setting: string, flag: string) => {
    const message = `needs code that this bundle leaves out; remove ${flag} from what the bundler defines, or the setting`
    mistakes.push({ setting, message })
  }
  if (
    typeof __TOKEN_HANDLER_DEVICE_BINDING__ !== 'undefined' &&
    !__TOKEN_HANDLER_DEVICE_BINDING__
  ) {
    if (deviceBinding.mode !== 'off')
      require('deviceBinding.mode', '__TOKEN_HANDLER_DEVICE_BINDING__')
  }
  if (typeof __TOKEN_HANDLER_DPOP__ !== 'undefined' && !__TOKEN_HANDLER_DPOP__) {
    if (client.dpopKeys) require('client.dpopKeys', '__TOKEN_HANDLER_DPOP__')
  }
  if (typeof __TOKEN_HANDLER_INTROSPECTION__ !== 'undefined' && !__TOKEN_HANDLER_INTROSPECTION__) {
    if (introspection.enabled) require('introspection.enabled', '__TOKEN_HANDLER_INTROSPECTION__')
  }
  if (typeof __TOKEN_HANDLER_EXCHANGE__ !== 'undefined' && !__TOKEN_HANDLER_EXCHANGE__) {
    for (const [index, { exchange }] of routes.entries()) {
      if (exchange) require(`routes[${index}].exchange`, '__TOKEN_HANDLER_EXCHANGE__')
    }
  }
  if (typeof __TOKEN_HANDLER_WEB_SOCKETS__ !== 'undefined' && !__TOKEN_HANDLER_WEB_SOCKETS__) {
    for (const [index, { webSocket }] of routes.entries()) {
      if (webSocket) require(`routes[${index}].webSocket`, '__TOKEN_HANDLER_WEB_SOCKETS__')
    }
  }
  if (typeof __TOKEN_HANDLER_STORE__ !== 'undefined' && !__TOKEN_HANDLER_STORE__) {
    if (store) require('ports.store', '__TOKEN_HANDLER_STORE__')
  }
  if (mistakes.length > 0) throw new ConfigurationError(mistakes)
}

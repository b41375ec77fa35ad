// What agent, proxy and host of one configuration share, although each of them is created apart.
import type { Configuration } from './configuration/schema.ts'

/**
 * Makes a factory that creates its value once for each pair of configuration and ports, and returns the same
 * value to every later caller with these two objects. Nothing is kept for longer than they are.
 *
 * @param create - makes the value
 */
export function perConfiguration<P extends object, T>(
  create: (configuration: Configuration, ports: P) => T,
): (configuration: Configuration, ports: P) => T {
  const values = new WeakMap<P, WeakMap<Configuration, { readonly value: T }>>()
  return (configuration, ports) => {
    const ofPorts = values.get(ports) ?? new WeakMap<Configuration, { readonly value: T }>()
    values.set(ports, ofPorts)
    const known = ofPorts.get(configuration) ?? { value: create(configuration, ports) }
    ofPorts.set(configuration, known)
    return known.value
  }
}

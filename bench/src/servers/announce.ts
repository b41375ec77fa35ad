// Telling the process that started this one where it listens and how it fares, and ending with it.
import type { AddressInfo } from 'node:net'

/** Sends the port to the parent process. */
export function announce(address: AddressInfo | string | null): void {
  if (typeof address !== 'object' || address === null) throw new Error('There is no port.')
  process.send?.({ port: address.port })
}

/** A setting that the parent process may have passed on. */
export const optionalSetting = (name: string): string | undefined => process.env[name]

/** A setting that the parent process passed on. */
export function setting(name: string): string {
  const value = optionalSetting(name)
  if (value === undefined) throw new Error(`The environment variable ${name} is missing.`)
  return value
}

process.on('message', () => {
  globalThis.gc?.()
  process.send?.({ heap: process.memoryUsage().heapUsed })
})

// Leaving through the front door, so that profiles are written.
process.once('SIGTERM', () => process.exit(0))
process.once('disconnect', () => process.exit(0))

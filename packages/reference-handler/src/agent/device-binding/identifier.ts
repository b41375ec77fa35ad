// What the browser calls a binding: our name for it, and the name that a request has.
import { deviceBindingHeaders } from '@token-handler/contract'
import { thumbprintOf } from './device-key.ts'

/**
 * Resolves with the identifier of the binding to a key. Browsers tell bindings of one site apart by it: so every key has
 * its own, and what is answered about the binding of an earlier sign-in, or of another agent, concerns no other.
 */
export const identifierFor = async (key: string): Promise<string> =>
  `th-${(await thumbprintOf(key)).slice(0, 16)}`

/** The header is the string of a structured field, or bare. Names of ours have no other characters. */
const IDENTIFIER = /^"?([\w-]{1,64})"?$/

/** The identifier that a request names, if it has one that can be ours. */
export const identifierOf = ({ headers }: Request): string | undefined =>
  IDENTIFIER.exec(headers.get(deviceBindingHeaders.id) ?? '')?.[1]

// From a secret to the keys of each tenant and role: what to derive, and when to derive it anew.
import type { CookieRole } from '@token-handler/contract'

/** Derives key and key id of a role from one secret. */
export type DeriveKey<Key> = (secret: string, role: CookieRole) => Key

/** The inputs of HKDF (RFC 5869), the same for both implementations. */
export interface Derivation {
  readonly salt: Uint8Array<ArrayBuffer>
  readonly info: Uint8Array<ArrayBuffer>
}

const utf8 = new TextEncoder()

/** The derivation of a key or of its id. JSON, so that no two lists of names give the same text. */
export function derivationOf(tenant: string, role: CookieRole, purpose: 'id' | 'key'): Derivation {
  return {
    salt: utf8.encode('token-handler cookies'),
    info: utf8.encode(JSON.stringify([tenant, role, purpose])),
  }
}

/** Bits of a key id: few, because it is part of every cookie; it only has to tell a handful of keys apart. */
export const KEY_ID_BITS = 32

/**
 * Creates the list of keys of each role. Keys are derived when first used, and all anew when the list
 * of secrets is another one.
 *
 * @param secrets - see {@link SealerOptions.secrets}
 */
export function createKeyLists<Key>(
  secrets: () => readonly string[],
  derive: DeriveKey<Key>,
): (role: CookieRole) => readonly Key[] {
  let known: readonly string[] | undefined
  const lists = new Map<CookieRole, readonly Key[]>()
  return (role) => {
    const current = secrets()
    if (current !== known) lists.clear()
    known = current
    const list = lists.get(role) ?? current.map((secret) => derive(secret, role))
    lists.set(role, list)
    return list
  }
}

// The key of a role as bytes: for the sealer of the Node host, and for gateways that open cookies by themselves.
import type { CookieRole } from '@token-handler/contract'
import { hkdfSync } from 'node:crypto'
import { derivationOf, KEY_ID_BITS } from '../../sealing/sealing-keys.ts'

/** A key that tells nothing about the secret it was derived from. */
export interface DerivedKey {
  /** Names the key in the header of each cookie that it seals. */
  readonly kid: string
  /** 32 bytes, for AES-256-GCM. */
  readonly key: Buffer
}

/** Derives key and key id (RFC 5869). */
export function deriveKey(secret: string, tenant: string, role: CookieRole): DerivedKey {
  const hkdf = (purpose: 'id' | 'key', length: number): Buffer => {
    const { salt, info } = derivationOf(tenant, role, purpose)
    return Buffer.from(hkdfSync('sha256', secret, salt, info, length))
  }
  return { kid: hkdf('id', KEY_ID_BITS / 8).toString('base64url'), key: hkdf('key', 32) }
}

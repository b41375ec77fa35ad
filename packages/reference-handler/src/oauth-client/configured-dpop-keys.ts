// The keys that access tokens are bound to, where a configuration has any.
import type { Configuration } from '../configuration/schema.ts'
import { leftOut } from '../left-out.ts'
import { perConfiguration } from '../per-configuration.ts'
import type { Ports } from '../ports.ts'
import type { DpopKey } from './dpop-keys.ts'

type PrivateKey = NonNullable<Configuration['client']['dpopKeys']>[number]

const loadKeys =
  typeof __TOKEN_HANDLER_DPOP__ === 'undefined' || __TOKEN_HANDLER_DPOP__
    ? () => import('./dpop-keys.ts')
    : leftOut

/** The keys of a client. */
export interface DpopKeys {
  /** Resolves with the key that new sessions are bound to. */
  readonly newest: () => Promise<DpopKey>
  /** Resolves with the key of this thumbprint, or `undefined` when it is none of the configuration's. */
  readonly find: (thumbprint: string) => Promise<DpopKey | undefined>
}

/**
 * The keys of a configuration; `undefined` where access tokens are bearer tokens.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9449 RFC 9449}
 */
export const dpopKeysOf = perConfiguration<Pick<Ports, 'now'>, DpopKeys | undefined>(
  ({ client: { dpopKeys } }, { now }) =>
    dpopKeys === undefined ? undefined : createDpopKeys(dpopKeys, now),
)

/** Importing a key takes a promise, so the first request does it, and loads what it takes. */
function createDpopKeys(privateKeys: readonly PrivateKey[], now: () => number): DpopKeys {
  let imported: Promise<readonly DpopKey[]> | undefined
  async function importAll(): Promise<readonly DpopKey[]> {
    const { importKey } = await loadKeys()
    return await Promise.all(privateKeys.map((key) => importKey(key, now)))
  }
  const load = () => (imported ??= importAll())
  return {
    async newest() {
      const [first] = await load()
      if (first === undefined) throw new Error('There is no DPoP key.')
      return first
    },
    async find(thumbprint) {
      const keys = await load()
      return keys.find((key) => key.thumbprint === thumbprint)
    },
  }
}

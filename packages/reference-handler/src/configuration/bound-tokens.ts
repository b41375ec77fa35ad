// Access tokens that are bound to the handler: who forwards requests in its place has to refuse what binds them.
import type { Configuration } from './schema.ts'

/** The paths of the settings that bind access tokens: to a key, or by the profile to a key or a certificate. */
export function bindingSettings({
  client,
  profile,
}: Pick<Configuration, 'client' | 'profile'>): readonly (readonly string[])[] {
  return [
    ...(client.dpopKeys === undefined ? [] : [['client', 'dpopKeys']]),
    ...(profile === 'fapi-2.0' ? [['profile']] : []),
  ]
}

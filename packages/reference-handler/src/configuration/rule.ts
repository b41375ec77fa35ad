// A rule between settings: what one of them may be depends on another.
import type { Configuration } from './schema.ts'

/** A rule. */
export interface Rule {
  /** The rule speaks as soon as these are sound in themselves, whatever else is wrong. */
  readonly about: readonly (keyof Configuration)[]
  /** Yields each mistake with the path of the setting to mend. */
  readonly mistakes: (
    settings: Configuration,
  ) => Iterable<{ path: (string | number)[]; message: string }>
}

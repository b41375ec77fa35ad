// Putting a single setting into what an operator wrote.
import type { Setting } from './environment.ts'
import { isObject } from './objects.ts'

/** The same object with one value set, sections made where they are missing. */
export function applySetting(
  target: unknown,
  [key, ...rest]: Setting['path'],
  value: unknown,
): unknown {
  const base = isObject(target) ? target : {}
  const [next, ...others] = rest
  return {
    ...base,
    [key]: next === undefined ? value : applySetting(base[key], [next, ...others], value),
  }
}

// Makes claims read-only, as far as they are plain data.

/**
 * Freezes plain objects and arrays, all the way down. Objects of a class, which a claims schema may make,
 * stay as they are: their methods may have to write.
 *
 * @returns the same value
 */
export function freezePlain<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null && !Array.isArray(value)) return value
  try {
    Object.values(Object.freeze(value)).forEach(freezePlain)
  } catch {
    // A proxy that does not let itself be frozen.
  }
  return value
}

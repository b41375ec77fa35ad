// A callback that somebody has changed on its way.

/** The callback's query with some parameters changed, or removed with `undefined`. */
export function changeCallback(
  callback: URLSearchParams,
  changes: Readonly<Record<string, string | undefined>>,
): URLSearchParams {
  const changed = new URLSearchParams(callback)
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) changed.delete(name)
    else changed.set(name, value)
  }
  return changed
}

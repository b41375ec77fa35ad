// Comparing URL paths, segment by segment.

const withoutTrailingSlash = (path: string): string => path.replace(/\/+$/, '')

/** Whether two paths are the same but for a trailing slash, which static hosts like to add. */
export function isSamePath(one: string, other: string): boolean {
  return withoutTrailingSlash(one) === withoutTrailingSlash(other)
}

/** Whether a path is the parent or lies below it: `/api` holds `/api/orders`, but not `/api-2`. */
export function isPathWithin(path: string, parent: string): boolean {
  return isSamePath(path, parent) || path.startsWith(`${withoutTrailingSlash(parent)}/`)
}

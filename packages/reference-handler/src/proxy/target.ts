// Judging a request target as it stands on the request line, before anything normalises it.

/** A target that every server reads alike, or the reason why not; the reason is for logs and developers. */
export type TargetReading =
  | {
      readonly kind: 'plain'
      /** Still percent-encoded. */
      readonly path: string
      /** The path decoded; its segments are those of {@link path}. */
      readonly decodedPath: string
      /** With its question mark, or empty. */
      readonly query: string
    }
  | { readonly kind: 'hostile'; readonly reason: string }

/**
 * Characters that change what a path means, encoded once or several times over: dot, slash,
 * backslash and control characters. A path that needs them encoded means to be read differently
 * behind the proxy than in front of it.
 */
const ENCODED_TRICK = /%(?:25)*(?:2e|2f|5c|[01][\da-f]|7f)/i

/** `.` and `..`, also with path parameters, which some servers remove first (`/..;a=b/`). */
const DOT_SEGMENT = /\/\.{1,2}(?:[/;]|%(?:25)*3b|$)/i

/** A segment of path parameters alone (`/;a=b/`): without them it is empty, and some servers join its neighbours. */
const NAMELESS_SEGMENT = /\/(?:;|%(?:25)*3b)/i

/**
 * Plain names and a plain query, as almost every target has them: nothing that {@link readClosely}
 * refuses or decodes, found out in a sixth of its time.
 */
const PLAIN_TARGET = /^(?:\/[\w~-][\w.~-]*)+\/?(?:\?[!-"$-~]*)?$/

/**
 * Reads a request target in origin-form. Whatever a server behind the proxy might read as another
 * path than the one that was authorised is hostile, as are all other forms of a target.
 *
 * @param target - the request target as raw text, never the outcome of `new URL`
 * @see {@link https://www.rfc-editor.org/rfc/rfc9112#section-3.2 RFC 9112 section 3.2}
 * @see {@link https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2 RFC 3986 section 6.2.2}
 */
export function readTarget(target: string): TargetReading {
  const end = target.indexOf('?')
  const path = end < 0 ? target : target.slice(0, end)
  const query = end < 0 ? '' : target.slice(end)
  return PLAIN_TARGET.test(target)
    ? { kind: 'plain', path, decodedPath: path, query }
    : readClosely(target, path, query)
}

function readClosely(target: string, path: string, query: string): TargetReading {
  if (!target.startsWith('/')) return hostile('The request target must be a path.')
  if (!/^[!-~]*$/.test(target)) {
    return hostile('The request target must be ASCII without spaces and control characters.')
  }
  if (target.includes('#')) return hostile('The request target must have no fragment.')

  if (path.includes('//')) return hostile('The path must have no empty segments.')
  if (path.includes('\\')) return hostile('The path must have no backslash.')
  if (DOT_SEGMENT.test(path)) return hostile('The path must have no dot segments.')
  if (NAMELESS_SEGMENT.test(path)) return hostile('The path must have no segments without a name.')
  if (ENCODED_TRICK.test(path)) {
    return hostile('The path must have no encoded dot, slash, backslash or control character.')
  }
  const decodedPath = decode(path)
  if (decodedPath === undefined) return hostile('The path must be percent-encoded UTF-8.')
  if (hidesTrick(decodedPath)) return hostile('The path must not be encoded over and over.')
  if (/\p{Cc}/u.test(decodedPath)) return hostile('The path must have no control characters.')
  return { kind: 'plain', path, decodedPath, query }
}

const hostile = (reason: string): TargetReading => ({ kind: 'hostile', reason })

/** How often a path may be encoded in all: names that hold an encoded name are twice. */
const MAX_ENCODINGS = 3

/** Whether decoding what was decoded already, as some servers do, brings a trick to light. */
function hidesTrick(decodedPath: string): boolean {
  let current = decodedPath
  for (let encodings = 1; current.includes('%'); encodings += 1) {
    if (encodings === MAX_ENCODINGS || ENCODED_TRICK.test(current)) return true
    const next = decode(current)
    if (next === undefined) return false
    current = next
  }
  return false
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}

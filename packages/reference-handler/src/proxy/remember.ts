// A small memory for what is worked out from the same few texts again and again.

/** What is remembered at a time; upstreams choose the texts, so there has to be an end. */
const MAX_ENTRIES = 500
const MAX_LENGTH = 200

/**
 * Has a pure function remember what it made of short texts. When the memory is full it starts anew,
 * which costs less than to keep an order.
 */
export function remember<Result extends object | string>(
  compute: (text: string) => Result,
): (text: string) => Result {
  const known = new Map<string, Result>()
  return (text) => {
    const before = known.get(text)
    if (before !== undefined) return before
    const result = compute(text)
    if (text.length > MAX_LENGTH) return result
    if (known.size === MAX_ENTRIES) known.clear()
    known.set(text, result)
    return result
  }
}

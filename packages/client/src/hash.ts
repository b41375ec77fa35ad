// The hash of what has to be recognised later, and must not be kept.

/** FNV-1a, 32 bits. What it says and what not, depends on what is hashed: see those who use it. */
export function hash(text: string): string {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  }
  return (value >>> 0).toString(36)
}

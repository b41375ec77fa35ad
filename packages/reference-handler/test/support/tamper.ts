// Changing a sealed cookie.

/**
 * Changes one of the five parts of a compact JWE, by default the authentication tag. It is the first
 * character, because the last one of base64url may hold bits that mean nothing.
 */
export function tamper(sealed: string, part = 4): string {
  const parts = sealed.split('.')
  const target = parts[part] ?? ''
  parts[part] = (target.startsWith('A') ? 'B' : 'A') + target.slice(1)
  return parts.join('.')
}

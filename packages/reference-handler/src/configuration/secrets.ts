// What a cookie secret has to be.

export const isCookieSecret = (value: string): boolean =>
  new TextEncoder().encode(value).length >= 32

export const COOKIE_SECRET_TOO_SHORT =
  'must have at least 32 bytes of randomness; make one with: openssl rand -base64 48'

export const COOKIE_SECRETS_MISSING =
  'needs at least one secret; make one with: openssl rand -base64 48'

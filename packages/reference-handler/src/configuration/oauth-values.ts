// Values of OAuth parameters, as the configuration accepts them.
import * as z from 'zod/mini'

/** An absolute URI without a fragment (RFC 8707 section 2). */
export const resource = z
  .string()
  .check(
    z.refine(
      (value) => URL.canParse(value) && !value.includes('#'),
      'must be an absolute URI without a fragment',
    ),
  )

/** Scope tokens with a space between them (RFC 6749 section 3.3). */
export const scope = z
  .string()
  .check(
    z.regex(
      /^[!#-[\]-~]+(?: [!#-[\]-~]+)*$/,
      'must be scopes with a single space between them, such as openid profile',
    ),
  )

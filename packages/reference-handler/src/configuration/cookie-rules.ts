// Rules about cookies: what browsers keep, and send.
import { cookieName } from '@token-handler/contract'
import type { Rule } from './rule.ts'
import { isConfidential } from './urls.ts'

export const cookiePrefixIsPossible: Rule = {
  about: ['cookies'],
  *mistakes({ cookies: { prefix, domain, secure } }) {
    // Browsers do not mind the case of a prefix (RFC 6265bis section 5.4).
    if (prefix.toLowerCase().startsWith('__host-') && domain !== undefined) {
      yield {
        path: ['cookies', 'domain'],
        message: `browsers refuse a cookie named ${prefix}… that has a Domain; remove the domain, or choose another prefix such as "th"`,
      }
    }
    if (prefix.startsWith('__') && !secure) {
      yield {
        path: ['cookies', 'secure'],
        message: `browsers refuse a cookie named ${prefix}… without Secure; set it to true, or choose another prefix such as "th"`,
      }
    }
  },
}

export const originsSendCookies: Rule = {
  about: ['cookies', 'trustedOrigins'],
  *mistakes({ cookies, trustedOrigins }) {
    for (const [index, origin] of trustedOrigins.entries()) {
      if (cookies.secure && !isConfidential(origin)) {
        yield {
          path: ['trustedOrigins', index],
          message:
            'is http, where browsers neither keep nor send Secure cookies; serve the SPA over https, or on localhost or *.localhost during development',
        }
      }
    }
  },
}

/** What comes back to an API is never ours. Browsers do not mind the case of a prefix. */
export const routeCookiesAreNotOurs: Rule = {
  about: ['cookies', 'routes'],
  *mistakes({ cookies: { prefix }, routes }) {
    for (const [index, { cookies }] of routes.entries()) {
      for (const [position, name] of cookies.entries()) {
        if (!isOfHandler(name.toLowerCase(), prefix)) continue
        yield {
          path: ['routes', index, 'cookies', position],
          message: 'is a cookie of the handler, which no API may see; remove it',
        }
      }
    }
  },
}

const isOfHandler = (name: string, prefix: string): boolean =>
  name.startsWith(`${prefix.toLowerCase()}-`) || name === cookieName(prefix, 'bound').toLowerCase()

// Keeping cookies, codes and tokens out of what is printed.

/** Parameters of authorization requests and responses that belong to one login. */
const CONFIDENTIAL = ['code', 'state', 'nonce', 'response', 'request_uri', 'code_challenge']

/** JWTs and their like, and long random values, wherever they come from. */
const LOOKS_CONFIDENTIAL = /[\w-]{10,}(?:\.[\w-]{10,}){2,}|[\w-]{40,}/g

/** Knows what must not be printed. */
export interface Redaction {
  /** Remembers the values of cookies that are set. */
  readonly learnCookies: (headers: Headers) => void
  /** Remembers the confidential parameters of a URL. */
  readonly learnUrl: (url: string) => void
  /** The text without anything confidential. */
  readonly redact: (text: string) => string
}

/** Creates a redaction that knows nothing yet. */
export function createRedaction(): Redaction {
  const values = new Set<string>()
  const learn = (value: string | null | undefined): void => {
    if (value) values.add(value)
  }
  return {
    learnCookies: (headers) => {
      for (const line of headers.getSetCookie()) learn(/^[^=;]*=([^;]+)/.exec(line)?.[1])
    },
    learnUrl: (url) => {
      const { searchParams } = new URL(url)
      for (const name of CONFIDENTIAL) learn(searchParams.get(name))
    },
    redact: (text) => {
      let redacted = text
      for (const value of values) redacted = redacted.replaceAll(value, '[redacted]')
      return redacted.replaceAll(LOOKS_CONFIDENTIAL, '[redacted]')
    },
  }
}

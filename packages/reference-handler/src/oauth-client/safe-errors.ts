// Errors of calls to the authorization server whose messages may be logged and told: they quote nothing of what was sent or received.

/** The authorization response does not belong to the request: another issuer, or malformed. */
export class InvalidAuthorizationResponse extends Error {
  override readonly name = 'InvalidAuthorizationResponse'
}

/** The authorization server cannot serve the request now: 429, 5xx, or an error that may pass. */
export class UnavailableAnswer extends Error {
  override readonly name = 'UnavailableAnswer'
  /** As it came: seconds, or a date. */
  readonly retryAfter: string | undefined

  constructor(status: number, retryAfter: string | undefined) {
    super(`it answered ${status}.`)
    this.retryAfter = retryAfter
  }
}

/** The authorization server answered something that must not be used; the message says what. */
export class UnusableAnswer extends Error {
  override readonly name: string = 'UnusableAnswer'
}

/** A JWT must not be used: its signature, or what it says. The message says which rule it breaks. */
export class InvalidToken extends UnusableAnswer {
  override readonly name = 'InvalidToken'
}

/** Errors of which every message is safe. */
type ErrorClass = abstract new (...parameters: never) => Error

const safe = new Set<ErrorClass>([UnusableAnswer, UnavailableAnswer, InvalidAuthorizationResponse])

/** Says that messages of these errors, of some library, quote nothing. */
export const quotesNothing = (errors: ErrorClass): void => void safe.add(errors)

/** The message of an error, when it is known to quote nothing of what was sent or received. */
export function safeMessage(error: unknown): string | undefined {
  const isSafe = error instanceof Error && [...safe].some((errors) => error instanceof errors)
  return isSafe ? error.message : undefined
}

// Why the suite could not be run at all.

/** The suite could not be run. The message says to the operator what to do. */
export class CannotRunError extends Error {
  override readonly name = 'CannotRunError'
}

// How a case says that a subject differs from the protocol, or that it cannot tell.

/** A subject does not do what a case says. */
export class ConformanceFailure extends Error {
  override readonly name = 'ConformanceFailure'
}

/** A case says nothing about this subject; the message is the reason it is skipped for. */
export class NotApplicable extends Error {
  override readonly name = 'NotApplicable'
}

/**
 * Requires a condition to hold.
 *
 * @param message - what is wrong when it does not
 * @throws {ConformanceFailure} when it does not
 */
export function check(condition: unknown, message: string): asserts condition {
  if (!condition) throw new ConformanceFailure(message)
}

/**
 * Requires two values to be equal; objects are equal when their JSON is.
 *
 * @param what - names the value in the message
 * @throws {ConformanceFailure} when they differ
 */
export function checkEqual(actual: unknown, expected: unknown, what: string): void {
  const [is, shouldBe] = [actual, expected].map((value) => JSON.stringify(value) ?? 'absent')
  check(is === shouldBe, `${what} is ${is}, not ${shouldBe}`)
}

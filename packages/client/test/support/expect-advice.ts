// Advice is in the messages of the development build, and in no message of the other.
import { expect } from 'vitest'
import { isDevelopment } from '../../src/development.ts'

/** Expects it where it belongs, and only there. */
export function expectAdvice(message: string, advice: string | RegExp): void {
  const found = typeof advice === 'string' ? message.includes(advice) : advice.test(message)
  expect(found, message).toBe(isDevelopment)
}

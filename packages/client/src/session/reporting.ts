// What happens to a failure of `login()` or `logout()` whose caller does not wait: `void login()` in a button.
import { isQuiet, isTokenHandlerError } from '../errors.ts'
import type { TokenHandlerError } from '../errors.ts'

/**
 * Reports a failure of the work, and so keeps it from being an unhandled rejection. Whoever awaits the promise gets
 * the rejection all the same. Mistakes of the app, a `TypeError` for instance, stay unhandled.
 */
export function reporting<T>(
  work: Promise<T>,
  report: (error: TokenHandlerError) => void,
): Promise<T> {
  const reported = work.catch((error: unknown) => {
    if (isTokenHandlerError(error)) {
      if (!isQuiet(error)) report(error)
      reported.catch(() => {})
    }
    throw error
  })
  return reported
}

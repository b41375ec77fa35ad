// Callbacks that were changed on their way: what the cases about them have in common.
import type { ConformanceCase } from '../case.ts'
import type { Capability } from '../subject.ts'
import { NotApplicable } from '../failure.ts'
import { authenticate, checkSignedIn, performRefused } from '../steps.ts'

/** The parameters with another value of one of them, or without it. */
export function changed(
  parameters: URLSearchParams,
  name: string,
  value?: string,
): URLSearchParams {
  const copy = new URLSearchParams(parameters)
  if (value === undefined) copy.delete(name)
  else copy.set(name, value)
  return copy
}

/** Signed responses have no parameter that could be changed; they have cases of their own. */
export function checkPlain(callback: URLSearchParams): URLSearchParams {
  if (callback.has('response')) {
    throw new NotApplicable('the authorization server answers with signed responses (JARM)')
  }
  return callback
}

/**
 * A case in which a changed callback is refused, and signs nobody in.
 *
 * @param code - the error with which it is refused
 * @param needs - what a subject has to be able to do
 */
export const changedCallback = (
  id: string,
  title: string,
  clause: string,
  change: (callback: URLSearchParams) => URLSearchParams,
  code = 'invalid_request',
  needs: readonly Capability[] = [],
): ConformanceCase => ({
  id,
  title,
  clause,
  needs,
  run: async (context) => {
    const page = context.browser.open(context.subject.origin)
    const callback = change(await authenticate(context, page))
    await performRefused(page, 'endLogin', 400, code, callback)
    await checkSignedIn(page, false)
  },
})

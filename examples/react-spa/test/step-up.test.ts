// What the next sign-in is asked for, out of the API's challenge.
import { TokenHandlerError } from '@token-handler/client'
import { expect, test } from 'vitest'
import { readStepUp } from '../src/step-up.ts'

const stepUpRequired = (challenge: string): TokenHandlerError =>
  new TokenHandlerError('step_up_required', '', {
    cause: new Response(null, { status: 401, headers: { 'www-authenticate': challenge } }),
  })

const error = 'Bearer error="insufficient_user_authentication"'

test.each([
  [`${error}, max_age="60"`, { max_age: '60' }],
  [`${error}, acr_values="gold silver", max_age="0"`, { max_age: '0', acr_values: 'gold silver' }],
  [error, {}],
])('%s', (challenge, parameters) => {
  expect(readStepUp(stepUpRequired(challenge))).toEqual(parameters)
})

test.each([[new TokenHandlerError('session_expired', '')], [new Error('other')], [null]])(
  'another failure asks for no other sign-in: %s',
  (failure) => {
    expect(readStepUp(failure)).toBeUndefined()
  },
)

// What the next sign-in is asked for, out of what the API wants.
import { TokenHandlerError } from '@token-handler/client'
import { expect, test } from 'vitest'
import { readStepUp } from '../src/step-up.ts'

test.each([
  [{ maxAge: 60 }, { max_age: '60' }],
  [
    { acrValues: 'gold silver', maxAge: 0 },
    { acr_values: 'gold silver', max_age: '0' },
  ],
  [{}, {}],
])('an API that wants %o', (wanted, parameters) => {
  expect(readStepUp(new TokenHandlerError('step_up_required', '', wanted))).toEqual(parameters)
})

test.each([[new TokenHandlerError('session_expired', '')], [new Error('other')], [null]])(
  'another failure asks for no other sign-in: %s',
  (failure) => {
    expect(readStepUp(failure)).toBeUndefined()
  },
)

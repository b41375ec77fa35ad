// Which queries are authorization responses.
import { recognizeAuthorizationResponse } from '../src/index.ts'
import { expect, test } from 'vitest'

test.each([
  ['code=a&state=b', 'code'],
  ['code=a&state=b&iss=https%3A%2F%2Fissuer&session_state=c&foo=bar', 'code'],
  ['error=access_denied&state=b', 'error'],
  ['error=login_required&error_description=x&state=b', 'error'],
  // An error wins: whoever adds one to a response makes the login fail, never succeed.
  ['code=a&error=access_denied&state=b', 'error'],
  ['response=a.b.c', 'jarm'],
  ['response=a.b.c&state=b', undefined],
  ['response=a.b.c&foo=bar', undefined],
  ['response=a&response=b', undefined],
  ['code=a', undefined],
  ['error=access_denied', undefined],
  ['state=b', undefined],
  ['', undefined],
  ['code=&state=b', undefined],
  ['error=&state=b', undefined],
  ['code=a&error=&state=b', 'code'],
  ['code=a&state=', undefined],
  ['response=', undefined],
  ['Code=a&State=b', undefined],
])('"%s" is %s', (query, kind) => {
  expect(recognizeAuthorizationResponse(new URLSearchParams(query))).toBe(kind)
})

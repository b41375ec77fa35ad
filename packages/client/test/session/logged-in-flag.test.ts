// What the isLoggedIn flag says, and for how long it is believed.
import { expect, it } from 'vitest'
import { createLoggedInFlag } from '../../src/session/logged-in-flag.ts'
import { createFakeTab, START } from '../support/fake-platform.ts'

const now = () => START

function storeFlag(text: string | undefined, maxAge = 300) {
  const { platform } = createFakeTab(fetch)
  if (text !== undefined) platform.localStorage.set('app:isLoggedIn', text)
  return createLoggedInFlag(platform.localStorage, 'app', now, maxAge)
}

it.each([
  ['absent', undefined, undefined],
  ['nonsense', 'maybe:1', undefined],
  ['true', `true:${START}`, true],
  ['true and old', `true:${START - 1e9}`, true],
  ['false and new', `false:${START}`, false],
  ['false and 299 s old', `false:${START - 299_000}`, false],
  ['false and 300 s old', `false:${START - 300_000}`, undefined],
  ['false and from the future', `false:${START + 1}`, undefined],
])('a flag that is %s is believed as far as it can be', (_, text, expected) => {
  expect(storeFlag(text).isLoggedIn()).toBe(expected)
})

it('"signed out" is never believed when the app does not want that', () => {
  expect(storeFlag(`false:${START}`, 0).isLoggedIn()).toBeUndefined()
})

it('a flag that the app does not want is always absent', () => {
  const flag = createLoggedInFlag(undefined, 'app', now, 300)
  flag.write({ status: 'unauthenticated', reason: 'none' })
  expect(flag.isLoggedIn()).toBeUndefined()
})

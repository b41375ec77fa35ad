// That the tests run on the React they are said to run on.
import { version } from 'react'
import { version as domVersion } from 'react-dom'
import { expect, test } from 'vitest'

test('these tests run on the React of their project', () => {
  const expected = process.env['REACT_VERSION'] ?? /^19\./
  expect([version, domVersion]).toEqual([
    expect.stringMatching(expected),
    expect.stringMatching(expected),
  ])
})

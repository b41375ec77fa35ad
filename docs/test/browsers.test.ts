// The table of promises in docs/browsers.md is the one by which the tests run, with every reason.
import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { promises } from '../../e2e/promises.ts'

const guide = readFileSync(new URL('../browsers.md', import.meta.url), 'utf8')

/** The cells of the rows whose second cell leads to a test in browsers. */
const rows = guide
  .split('\n')
  .filter((line) => line.startsWith('|') && line.includes('](../e2e/test/'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map((cells) => cells.slice(1, -1))

const expected = promises.map(({ name, promise, limits = {} }) => [
  promise,
  `[${name}](../e2e/test/${name}.test.ts)`,
  ...(['Chromium', 'Firefox', 'WebKit'] as const).map((engine) =>
    limits[engine] === undefined ? 'yes' : `yes; ${limits[engine]}`,
  ),
])

test('the table has every promise, and in each engine what it cannot show', () => {
  expect(rows).toEqual(expected)
})

test('every file of promises exists', () => {
  const missing = promises.filter(
    ({ name }) => !existsSync(new URL(`../../e2e/test/${name}.test.ts`, import.meta.url)),
  )
  expect(missing).toEqual([])
})

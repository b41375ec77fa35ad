// The table of docs/security.md has every item, and every test that it names exists.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const guide = new URL('../security.md', import.meta.url)
const ITEMS = 69

/** The cells of the table's rows: item, what the handler does, by which standard, tests. */
const rows = readFileSync(guide, 'utf8')
  .split('\n')
  .filter((line) => /^\| +\d+ +\|/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, item = '', behaviour = '', standard = '', tests = '']) => ({
    item: Number(item),
    behaviour,
    standard,
    tests: [...tests.matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)].map(([, title = '', path = '']) => ({
      title,
      path,
    })),
  }))

test('each reference to RFC 10017 has its section, and none is to a draft of it', () => {
  for (const { standard } of rows) expect(standard).not.toMatch(/BBA|RFC 10017(?! §)/)
  expect(readFileSync(guide, 'utf8')).not.toContain('draft-ietf-oauth-browser-based-apps')
})

test('the table has each of the items once, in order', () => {
  const expected = Array.from({ length: ITEMS }, (_, index) => index + 1)
  expect(rows.map(({ item }) => item)).toEqual(expected)
})

describe.each(rows)('item $item', ({ behaviour, standard, tests }) => {
  test('says what the handler does, by which standard, and where that is tested', () => {
    expect(behaviour).toMatch(/\w.*[.)]$/)
    expect(standard).not.toBe('')
    expect(tests).not.toEqual([])
  })

  test.each(tests)('is tested by "$title"', ({ title, path }) => {
    const source = readFileSync(new URL(path, guide), 'utf8')
    const quoted = ["'", '"', '`'].map((quote) => quote + title + quote)
    expect(quoted.some((text) => source.includes(text))).toBe(true)
  })
})

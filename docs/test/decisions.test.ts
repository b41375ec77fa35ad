// The index of decisions is complete, and the code cites only decisions that exist.
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readSources } from '../src/sources.ts'

const folder = new URL('../../decisions/', import.meta.url)
const records = readdirSync(folder).filter((name) => /^\d{4}-.*\.md$/.test(name))
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8')
const index = read('README.md')

describe.each(records)('%s', (name) => {
  const text = read(name)

  test('has its number and a title, then its date and status', () => {
    const number = Number(name.slice(0, 4))
    const lines = text.split('\n')
    expect(lines[0]).toMatch(new RegExp(`^# ${number}\\. \\S`))
    expect(lines[2]).toMatch(
      /^Date: \d{4}-\d\d-\d\d\. Status: (?:accepted|revised|replaced)\b.*\.$/,
    )
  })

  test('is in the index, with the same title, date and status', () => {
    const title = text.split('\n')[0]?.slice('# '.length)
    const [, date, status] = /^Date: (\S+)\. Status: (\w+)/m.exec(text) ?? []
    const row = index.split('\n').find((line) => line.includes(`](${name})`))
    const cells = row?.split('|').map((cell) => cell.trim())
    expect(cells).toEqual(['', `[${title}](${name})`, date, status, ''])
  })
})

test('the code cites decisions, and all of them exist', async () => {
  const cited = new Map<string, string>()
  for (const { path, text } of await readSources()) {
    for (const [, number = ''] of text.matchAll(/\bdecisions\/(\d{4})\b/g)) cited.set(number, path)
  }
  expect(cited.size).toBeGreaterThan(8)
  for (const [number, path] of cited) {
    expect(
      records.some((name) => name.startsWith(`${number}-`)),
      `decision ${number}, cited in ${path}`,
    ).toBe(true)
  }
})

// The table in findings/README.md and the scripts beside it agree, and scripts hold what the README promises.
// They are not run here: what they show depends on other people's software.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const folder = new URL('../../findings/', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, folder), 'utf8')

/** The cells of the table's rows: finding, software, meaning, what the project does. */
const rows = read('README.md')
  .split('\n')
  .filter((line) => line.startsWith('| ['))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, finding = '', software = '', meaning = '', measure = '']) => {
    const [, name = '', script = ''] = /^\[([^\]]+)\]\(([^)]+)\)$/.exec(finding) ?? []
    return { name, script, software, meaning, measure }
  })

const scripts = readdirSync(folder).filter((file) => file !== 'README.md')

test('each script has one row in the table, and each row a script', () => {
  expect(rows.map(({ script }) => script).sort()).toEqual(scripts.sort())
  expect(rows.length).toBeGreaterThan(0)
})

test('none is run by CI or by a script of the workspace', () => {
  for (const file of ['../.ci/run', '../package.json']) expect(read(file)).not.toContain('findings')
})

describe.each(rows)('$name', ({ name, script, software, meaning, measure }) => {
  const source = read(script)
  // The comment between the first line and the first command.
  const header = /^#!\/usr\/bin\/env bash\n((?:#.*\n)+)set -euo pipefail\n/.exec(source)?.[1] ?? ''

  test('has a row that says what it means for users, and whose links lead somewhere', () => {
    expect(script).toBe(`${name}.sh`)
    expect(software).toMatch(/ \d/)
    expect(meaning).toMatch(/^[A-Z].* /)
    expect(measure).toMatch(/^[A-Z[`].* /)
    const targets = [...measure.matchAll(/\]\(([^)#]+)/g)].map(([, target = '']) => target)
    const missing = targets.filter((target) => !existsSync(new URL(target, folder)))
    expect(missing).toEqual([])
  })

  test('is executable, and its header says what was seen, when, and in which versions', () => {
    expect(statSync(new URL(script, folder)).mode & 0o111).toBe(0o111)
    expect(header).toMatch(/^# Seen: \d{4}-\d\d-\d\d, \S.* \d+\.\d+/m)
  })

  test('has the versions of its row in its header', () => {
    const versions = [...software.matchAll(/ (\d[\d.]*)/g)].map(([, version = '']) => version)
    expect(versions.filter((version) => !header.includes(` ${version}`))).toEqual([])
  })

  test('prints what is expected and what is seen', () => {
    expect(source).toMatch(/Expected\b/)
    expect(source).toMatch(/Seen\b(?!:? 2)/)
  })

  test('installs exact versions into a folder that it removes, and nothing of this project', () => {
    expect(source).toContain('dir=$(mktemp -d)')
    expect(source).toMatch(/^trap .*rm -rf "\$dir".* EXIT$/m)
    expect(source).not.toContain('@token-handler/')
    const [, installed = ''] = /^npm install ((?:.*\\\n)*.*)$/m.exec(source) ?? []
    const packages = installed
      .split(/[\s\\]+/)
      .filter((word) => word !== '' && !word.startsWith('-'))
    expect(packages.filter((word) => !/^\S+@\d+\.\d+\.\d+$/.test(word))).toEqual([])
    // Without packages it shows an installed program, and does without where there is none.
    if (packages.length === 0) expect(source).toMatch(/^command -v .* \|\| \{ echo 'Skipped: /m)
  })
})

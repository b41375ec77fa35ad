// Every test that the page of behaviours names exists, in the file it names, and so does every deciding file.
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folders = /^(?:docs|e2e|packages)\//

interface Row {
  readonly title: string
  readonly file: string
  /** The file that decides the behaviour. */
  readonly decidedIn: string
}

/** Rows of the tables with five columns, without their heads. */
function readRows(markdown: string): readonly Row[] {
  return markdown
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter((cells) => cells.length === 7 && cells[4]?.endsWith('.ts'))
    .map(([, , , title = '', file = '', decidedIn = '']) => ({ title, file, decidedIn }))
}

test('every behaviour has a test of the name it gives', async () => {
  const rows = readRows(await readFile(`${root}docs/behaviours.md`, 'utf8'))
  expect(rows.length).toBeGreaterThan(180)
  const missing: Row[] = []
  for (const row of rows) {
    const path = folders.test(row.file) ? row.file : `packages/client/test/${row.file}`
    const source = await readFile(root + path, 'utf8').catch(() => '')
    // A title in single quotes may hold an escaped one.
    if (!source.replaceAll("\\'", "'").includes(row.title)) missing.push(row)
  }
  expect(missing).toEqual([])
})

test('every behaviour names the file that decides it', async () => {
  const rows = readRows(await readFile(`${root}docs/behaviours.md`, 'utf8'))
  const missing = rows.filter(({ decidedIn }) => {
    const path = folders.test(decidedIn) ? decidedIn : `packages/client/src/${decidedIn}`
    return !/\.tsx?$/.test(decidedIn) || !existsSync(root + path)
  })
  expect(missing).toEqual([])
})

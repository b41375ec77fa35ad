// The table in docs/authorization-servers says what the other tests prove. To write it anew:
// npx pnpm@12 --filter authorization-servers run table
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { servers } from '../src/servers.ts'
import { drawServerTable } from '../src/table.ts'

const folder = fileURLToPath(new URL('../../docs/authorization-servers/', import.meta.url))

test('the table of authorization servers and steps is up to date', async () => {
  const markers = /(<!-- table -->\n\n).*(\n\n<!-- \/table -->)/s
  const file = `${folder}README.md`
  const written = await readFile(file, 'utf8')
  expect(written, 'where the table goes').toMatch(markers)
  const table = drawServerTable(servers)
  const current = written.replace(
    markers,
    (_all, begin: string, end: string) => begin + table + end,
  )
  await expect(current).toMatchFileSnapshot(file)
})

test('every server has a page, and a test file', async () => {
  for (const { id, name, version } of servers) {
    const page = await readFile(`${folder}${id}.md`, 'utf8')
    expect(page).toContain(`# ${name}`)
    expect(page).toContain(version)
    expect(existsSync(new URL(`${id}.test.ts`, import.meta.url)), `${id}.test.ts`).toBe(true)
  }
})

test('.ci/run installs every server that Debian has', async () => {
  const script = await readFile(new URL('../../.ci/run', import.meta.url), 'utf8')
  const [, list = ''] = /^packages=\(([^)]*)\)/m.exec(script) ?? []
  const installed = list.trim().split(/\s+/)
  const needed = servers.flatMap(({ requirement }) => requirement?.packages ?? [])
  expect(installed).toEqual(expect.arrayContaining(needed))
})

// ARCHITECTURE.md stays short, and every file and folder that it names exists.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const text = readFileSync(`${root}ARCHITECTURE.md`, 'utf8')

/** All files and folders of the sources, as paths from the repository's root. */
const known = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((path) => !/node_modules|dist|\.git\//.test(path))
  .map((path) => `/${path.replaceAll('\\', '/')}`)

test('has 120 lines at most', () => {
  expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(120)
})

test('names no file and no folder that is not there', () => {
  const named = [...text.matchAll(/`([\w./-]+(?:\.tsx?|\/))`/g)].map(([, path = '']) => path)
  expect(named.length).toBeGreaterThan(60)
  const missing = named.filter(
    (path) => !known.some((file) => file.endsWith(`/${path.replace(/\/$/, '')}`)),
  )
  expect(missing).toEqual([])
})

test('names every folder of client and handler', () => {
  const folders = [
    ...['packages/client/src', 'packages/reference-handler/src'].flatMap((parent) =>
      readdirSync(`${root}${parent}`, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && entry.name !== 'hosts')
        .map((entry) => `\`${entry.name}/\``),
    ),
    '`hosts/node/`',
    '`hosts/fastify/`',
  ]
  expect(folders.filter((folder) => !text.includes(folder))).toEqual([])
})

test('names every package', () => {
  const packages = readdirSync(`${root}packages`).filter((name) =>
    existsSync(`${root}packages/${name}/package.json`),
  )
  expect(packages.filter((name) => !text.includes(`packages/${name} `))).toEqual([])
})

// What a runtime that cannot serve is told, in place of an error of a dependency.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import {
  explainOldNode,
  explainUnfitRuntime,
  requireFitRuntime,
} from '../../src/hosts/node/unfit-runtime.ts'

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))
const manifest = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { readonly engines: { readonly node: string } }

test.each(['18.20.0', '20.20.2', '22.20.9'])('Node %s is too old', (version) => {
  expect(explainOldNode(version)).toContain(`this is Node ${version}`)
})

test.each(['22.21.0', '23.0.0', '24.21.0'])('Node %s is new enough', (version) => {
  expect(explainOldNode(version)).toBeUndefined()
})

test('the version is that of the manifest', () => {
  const version = manifest.engines.node.replace('>=', '')
  expect(explainOldNode(version)).toBeUndefined()
  const [major, minor] = version.split('.').map(Number)
  expect(explainOldNode(`${major}.${Number(minor) - 1}.0`)).toContain(`Node ${major}.${minor} or`)
})

test('the command says it before it loads anything', () => {
  const pretend =
    "Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.20.2'}})"
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${pretend}`, main, 'serve'],
    { encoding: 'utf8' },
  )
  expect(status).toBe(1)
  expect(stderr).toMatch(/^token-handler needs Node 22\.21 or newer, and this is Node 20\.20\.2\. /)
})

test('Bun is no Node, whatever version of Node it says it is', () => {
  const versions = { node: '24.3.0', bun: '1.4.5' }
  expect(explainUnfitRuntime(versions)).toContain('this is Bun 1.4.5')
  expect(() => requireFitRuntime(versions)).toThrow('createBunHandler')
  expect(explainUnfitRuntime({ node: '24.21.0' })).toBeUndefined()
})

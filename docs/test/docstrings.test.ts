// Every public function has an example in its docstring, and examples with imports compile.
import { globSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { compile, writeBlocks } from '../src/compile.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
// Beside the blocks of the guides, not among them: each test removes its own.
const folder = join(root, 'docs/.docstrings/examples')

interface PublicFunction {
  readonly name: string
  readonly file: string
  readonly docstring: string
}

interface Manifest {
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>
}

/** The values that an entry exports, each with the file that declares it. */
function readExports(entry: string): readonly (readonly [name: string, file: string])[] {
  const source = readFileSync(entry, 'utf8')
  const again = [...source.matchAll(/export \{([^}]*)\} from '(\.[^']+)'/g)].flatMap(
    ([, names = '', path = '']) =>
      names.split(',').map((name) => [name.trim(), join(dirname(entry), path)] as const),
  )
  const own = [...source.matchAll(/^export (?:async )?(?:function|const) (\w+)/gm)].map(
    ([, name = '']) => [name, entry] as const,
  )
  return [...again, ...own].filter(([name]) => name !== '')
}

/** The docstring of a function, or nothing for values that are none. */
function findFunction([name, file]: readonly [string, string]): PublicFunction | undefined {
  const source = readFileSync(file, 'utf8')
  const declaration = new RegExp(
    String.raw`\*/\s*export (?:async )?(?:function ${name}\b|const ${name}(?:: FastifyPlugin|\b[^\n]*=>|[^\n]*fastifyPlugin<))`,
  ).exec(source)
  if (declaration === null) return undefined
  const docstring = source.slice(source.lastIndexOf('/**', declaration.index), declaration.index)
  return { name, file, docstring }
}

const functions = globSync('packages/*/package.json', { cwd: root }).flatMap((path) => {
  const { exports } = JSON.parse(readFileSync(join(root, path), 'utf8')) as Manifest
  return Object.values(exports)
    .filter((target) => typeof target === 'object')
    .flatMap((target) => {
      const entry = join(root, dirname(path), target['@token-handler/source'] ?? '')
      return readExports(entry).flatMap((found) => findFunction(found) ?? [])
    })
})

const exampleOf = ({ docstring }: PublicFunction): string | undefined =>
  /@example\n([\s\S]*?)(?=\n \* @|$)/
    .exec(docstring)?.[1]
    ?.replaceAll(/^ \* ?/gm, '')
    .replaceAll(/^```\w*$/gm, '')
    .trim()

afterAll(() => rm(dirname(folder), { recursive: true, force: true }))

test('every public function has an example', () => {
  expect(functions.length).toBeGreaterThan(35)
  const lacking = functions.filter((found) => exampleOf(found) === undefined)
  expect(lacking.map(({ name }) => name)).toEqual([])
})

test('examples that begin with an import compile', { timeout: 60_000 }, async () => {
  const blocks = functions.flatMap((found) => {
    const code = exampleOf(found)
    return code?.startsWith('import') ? [{ code, fileName: `${found.name}.tsx` }] : []
  })
  expect(blocks.length).toBeGreaterThan(25)
  await writeBlocks(folder, blocks)
  expect(await compile(folder)).toBe('')
})

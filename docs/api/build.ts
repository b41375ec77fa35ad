// Makes the API reference of all packages from their docstrings, and fails when a public name has none.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Application, ReflectionType } from 'typedoc'
import type { DeclarationReflection } from 'typedoc'

const root = fileURLToPath(new URL('../..', import.meta.url))

interface Manifest {
  readonly name: string
  readonly exports: Readonly<Record<string, { readonly '@token-handler/source'?: string }>>
}

/** Everything that users can import: the name they import it by, its source. */
const entries = globSync('packages/*/package.json', { cwd: root })
  .sort()
  .flatMap((file) => {
    const { name, exports } = JSON.parse(readFileSync(join(root, file), 'utf8')) as Manifest
    return Object.entries(exports).flatMap(([entry, { '@token-handler/source': source }]) =>
      source === undefined
        ? []
        : [{ specifier: name + entry.slice(1), source: join(root, file, '..', source) }],
    )
  })

const app = await Application.bootstrapWithPlugins({
  name: 'Token Handler',
  plugin: ['typedoc-plugin-markdown'],
  entryPoints: entries.map(({ source }) => source),
  router: 'module',
  tsconfig: fileURLToPath(new URL('tsconfig.json', import.meta.url)),
  basePath: join(root, 'packages'),
  readme: 'none',
  out: fileURLToPath(new URL('reference', import.meta.url)),
  excludeExternals: true,
  excludeInternal: true,
  skipErrorChecking: true,
  disableSources: true,
  validation: { notDocumented: false, notExported: false, invalidLink: true, invalidPath: false },
})

const project = await app.convert()
if (project === undefined) throw new Error('The sources could not be read.')
for (const module of project.children ?? []) {
  const path = join(root, 'packages', module.name)
  const entry = entries.find(({ source }) => /^(.*?)(?:\/index)?\.tsx?$/.exec(source)?.[1] === path)
  module.name = entry?.specifier ?? module.name
}
app.validate(project)

/** The comment of a function stands with its signature, also when the function is a type. */
function isDocumented(name: DeclarationReflection): boolean {
  const typed = name.type instanceof ReflectionType ? name.type.declaration.signatures : []
  return [name, ...(name.signatures ?? []), ...(typed ?? [])].some((part) => part.hasComment())
}
for (const module of project.children ?? []) {
  for (const name of module.children ?? []) {
    if (!name.isReference() && !isDocumented(name)) {
      app.logger.error(`${module.name}: ${name.name} has no docstring`)
    }
  }
}

await app.generateOutputs(project)
if (app.logger.hasErrors()) process.exitCode = 1

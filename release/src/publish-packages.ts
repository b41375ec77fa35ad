// Publishing all packages to a registry, with the versions that their changesets ask for.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isOwnPackage, planVersion } from './plan-version.ts'
import type { Registry } from './registry.ts'
import { runProgram } from './run-program.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

interface Manifest {
  readonly name: string
  readonly version: string
  readonly publishConfig?: { readonly access?: string; readonly provenance?: boolean }
  readonly [section: string]: unknown
}

/** A package as it was published. */
export interface Published {
  readonly name: string
  readonly version: string
}

/**
 * Packs every package as pnpm does, gives it the version of the next release, and publishes it. The packages have to be
 * built.
 *
 * @param folder - for the packed packages
 * @returns the packages, by name
 * @throws when a package would be published without provenance, or not to everybody
 */
export async function publishPackages(
  folder: string,
  registry: Registry,
): Promise<readonly Published[]> {
  const tarballs = join(folder, 'tarballs')
  await mkdir(tarballs, { recursive: true })
  const pack = ['-r', '--filter', './packages/*', 'pack', '--pack-destination', tarballs]
  await runProgram('pnpm', pack, { folder: root })
  const files = await readdir(tarballs)
  const packages = await Promise.all(files.map((file) => unpack(join(tarballs, file))))
  const current = packages.map(({ manifest }) => manifest.version)
  const version = await planVersion(root, current)
  const published = await Promise.all(packages.map((own) => publish(own, version, registry)))
  return published.toSorted((one, other) => one.name.localeCompare(other.name))
}

interface Unpacked {
  readonly folder: string
  readonly manifest: Manifest
}

async function unpack(tarball: string): Promise<Unpacked> {
  const unpacked = `${tarball}.unpacked`
  await mkdir(unpacked, { recursive: true })
  await runProgram('tar', ['-xzf', tarball, '-C', unpacked], { folder: unpacked })
  const folder = join(unpacked, 'package')
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest
  return { folder, manifest }
}

async function publish(
  { folder, manifest }: Unpacked,
  version: string,
  registry: Registry,
): Promise<Published> {
  const { access, provenance } = manifest.publishConfig ?? {}
  if (access !== 'public' || provenance !== true) {
    throw new Error(`${manifest.name} has to be published with access "public" and provenance.`)
  }
  const next = JSON.stringify(withVersion(manifest, version), undefined, 2)
  await writeFile(join(folder, 'package.json'), next)
  const options = { folder, environment: registry.environment }
  await runProgram('npm', ['publish', '--ignore-scripts'], options)
  await rm(folder, { recursive: true })
  return { name: manifest.name, version }
}

const sections = ['dependencies', 'devDependencies', 'peerDependencies']

/** The manifest with its next version, also where packages name each other. */
function withVersion(manifest: Manifest, version: string): object {
  // Provenance is proved by the machine that releases, so not here.
  const { publishConfig: _unused, ...rest } = manifest
  const changed: Record<string, unknown> = { ...rest, version }
  for (const section of sections) {
    const ranges = manifest[section]
    if (typeof ranges !== 'object' || ranges === null) continue
    changed[section] = Object.fromEntries(
      Object.entries(ranges).map(([name, range]) => [
        name,
        isOwnPackage(name) ? `^${version}` : range,
      ]),
    )
  }
  return changed
}

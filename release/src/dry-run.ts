// A release without a release: builds all packages, and publishes them to a registry on this machine.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildPackages } from './build-packages.ts'
import { findFreePort } from '../../packages/reference-handler/test/support/free-port.ts'
import { publishPackages } from './publish-packages.ts'
import type { Published } from './publish-packages.ts'
import { startRegistry } from './registry.ts'
import type { Registry } from './registry.ts'

/** A registry with all packages in it. */
export interface DryRun {
  readonly registry: Registry
  readonly published: readonly Published[]
  /** A folder for whoever tries them; it goes in the end. */
  readonly folder: string
  readonly stop: () => Promise<void>
}

/** Builds and publishes. */
export async function startDryRun(): Promise<DryRun> {
  const folder = await mkdtemp(join(tmpdir(), 'token-handler-release-'))
  await buildPackages()
  const registry = await startRegistry(folder, await findFreePort())
  const stop = async () => {
    await registry.stop()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    return { registry, published: await publishPackages(folder, registry), folder, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

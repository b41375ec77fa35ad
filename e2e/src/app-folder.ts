// A folder for the build of the example app, which all files of a project share.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Empty until the first file that needs the app has built it. */
    appFolder?: string
  }
}

/** Called by Vitest before the first test of a project; resolves with what to call after the last. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'built-app-'))
  provide('appFolder', folder)
  return () => rm(folder, { recursive: true, force: true })
}

// The engine of this run, and tests for it.
import { inject, test as anyTest } from 'vitest'
import { promises } from '../../promises.ts'
import { isMissing } from '../programs.ts'
import { chromium } from './chromium.ts'
import type { Engine, EngineName } from './engine.ts'
import { firefox } from './firefox.ts'
import { webkit } from './webkit.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Set by the projects in vitest.config.ts; Chromium where it is not. */
    engine?: EngineName
  }
}

const engines: Readonly<Record<EngineName, Engine>> = {
  Chromium: chromium,
  Firefox: firefox,
  WebKit: webkit,
}

/** The engine that the tests of this run are about. */
export const engine = engines[inject('engine') ?? 'Chromium']

/**
 * What of a file of promises the engine of this run cannot show, if anything; says so in the output.
 *
 * @param name - of the file
 */
export function limitOf(name: string): string | undefined {
  const limit = promises.find((file) => file.name === name)?.limits?.[engine.name]
  if (limit !== undefined) process.stdout.write(`${name} in ${engine.name}: ${limit}\n`)
  return limit
}

/** A test in the engine of this run; skipped, and saying so, where it is not on this machine. */
export const test = engine.programs.some(isMissing) ? anyTest.skip : anyTest

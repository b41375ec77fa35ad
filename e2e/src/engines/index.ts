// The engine of this run, and tests for it.
import { inject, test as anyTest } from 'vitest'
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

/** A test in the engine of this run; skipped, and saying so, where it is not on this machine. */
export const test = engine.programs.some(isMissing) ? anyTest.skip : anyTest

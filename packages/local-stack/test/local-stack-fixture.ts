// A local stack for each test, on free ports, that fails the test when it prints.
import { afterEach, beforeEach, expect } from 'vitest'
import { startLocalStack } from '../src/index.ts'
import type { LocalStack, LocalStackOptions } from '../src/index.ts'
import { watchPrinting } from './printing.ts'
import { openPage } from './spa-page.ts'
import type { SpaPage } from './spa-page.ts'

export const freePorts = { spa: 0, handler: 0, authorizationServer: 0, api: 0, control: 0 }

export interface RunningStack {
  readonly stack: LocalStack
  /** The SPA's page, in a browser nobody has used. */
  readonly page: SpaPage
  /** Everything logged so far, at level trace. */
  readonly log: () => string
}

/** To be called once in a test file; returns what starts a test's stack. No consent unless asked for. */
export function useLocalStack() {
  const printed = watchPrinting()
  let running: LocalStack[] = []

  beforeEach(printed.clear)
  afterEach(async () => {
    await Promise.all(running.map((stack) => stack.stop()))
    running = []
    expect(printed.lines(), 'the stack prints nothing').toEqual([])
  })

  return async (options: LocalStackOptions = {}): Promise<RunningStack> => {
    const lines: string[] = []
    const stack = await startLocalStack({
      ports: freePorts,
      log: { level: 'trace', destination: { write: (line) => void lines.push(line) } },
      consent: false,
      ...options,
    })
    running.push(stack)
    return { stack, page: openPage(stack), log: () => lines.join('') }
  }
}

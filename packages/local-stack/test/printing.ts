// Hearing what a program prints.
import { vi } from 'vitest'

/** Listens to stdout, stderr and the console. */
export function watchPrinting() {
  const spies = [
    vi.spyOn(process.stdout, 'write'),
    vi.spyOn(process.stderr, 'write'),
    ...(['log', 'info', 'warn', 'error'] as const).map((name) => vi.spyOn(console, name)),
  ]
  return {
    lines: (): unknown[] => spies.flatMap((spy) => spy.mock.calls.map(([first]) => first)),
    clear: (): void => {
      for (const spy of spies) spy.mockClear()
    },
  }
}

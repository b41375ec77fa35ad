// A log for tests that do not look at it.
import type { Log } from '../../src/ports.ts'

export const noLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

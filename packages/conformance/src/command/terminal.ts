// The terminal that a command was started from.
import { createInterface } from 'node:readline/promises'
import type { Terminal } from './conformance.ts'

/** Results go to stdout, everything else to stderr; questions can be asked where a person sits. */
export function createTerminal(): Terminal {
  return {
    print: (text) => void process.stdout.write(text),
    say: (text) => {
      console.error(text)
    },
    ask: process.stdin.isTTY ? ask : undefined,
  }
}

async function ask(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim())
  } finally {
    lines.close()
  }
}

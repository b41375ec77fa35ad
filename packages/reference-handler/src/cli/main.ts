#!/usr/bin/env node
// The command `token-handler`. It imports nothing before it knows that this runtime can load it.
import { explainUnfitRuntime } from '../hosts/node/unfit-runtime.ts'

const problem = explainUnfitRuntime(process.versions)
if (problem === undefined) {
  const { run } = await import('./run.ts')
  process.exitCode = await run(process.argv.slice(2), process.env)
} else {
  console.error(problem)
  process.exitCode = 1
}

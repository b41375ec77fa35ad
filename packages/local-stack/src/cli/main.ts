#!/usr/bin/env node
// The command `token-handler-dev`. It imports nothing before it knows that this Node can load it.
import { explainOldNode } from './old-node.ts'

const problem = explainOldNode(process.versions.node)
if (problem === undefined) {
  const { run } = await import('./run.ts')
  process.exitCode = await run(process.argv.slice(2))
} else {
  console.error(problem)
  process.exitCode = 1
}

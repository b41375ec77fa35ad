#!/usr/bin/env node
// The command `token-handler-dev`. It imports nothing before it knows that this Node can load it.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major > 22 || (major === 22 && minor >= 21)) {
  const { run } = await import('./run.ts')
  process.exitCode = await run(process.argv.slice(2))
} else {
  console.error(
    `token-handler-dev needs Node 22.21 or newer, and this is Node ${process.versions.node}. Install a newer one from https://nodejs.org.`,
  )
  process.exitCode = 1
}

export {}

#!/usr/bin/env node
// The command `create-token-handler`, as `npm create token-handler` runs it.
import { run } from './run.ts'

process.exitCode = run(process.argv.slice(2), {
  version: process.versions.node,
  userAgent: process.env['npm_config_user_agent'] ?? '',
  print: (text) => void process.stdout.write(`${text}\n`),
  printError: (text) => void process.stderr.write(`${text}\n`),
})

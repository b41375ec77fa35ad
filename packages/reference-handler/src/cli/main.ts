#!/usr/bin/env node
// The command `token-handler`.
import { run } from './run.ts'

process.exitCode = await run(process.argv.slice(2), process.env)

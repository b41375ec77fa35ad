#!/usr/bin/env node
// The command `token-handler-conformance`.
import { runConformance } from './run.ts'

process.exitCode = await runConformance(process.argv.slice(2))

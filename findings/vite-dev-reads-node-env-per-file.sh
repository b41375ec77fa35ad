#!/usr/bin/env bash
# Vite's development server decides anew for each file what `process.env.NODE_ENV` is.
#
# Seen: 2026-11-30, Vite 8.3.8, Node 24.21.0. A server is created while NODE_ENV is "development"; it is set back before
# the first file is asked for, as a test runner's own value is. Both files hold `process.env.NODE_ENV`:
#   asked for while NODE_ENV is "test":         "test"
#   asked for while NODE_ENV is "development":  "development"
#   config.mode and config.isProduction:        "development", false, all the time
# So one page may hold both: modules that drop what is for development only, beside others that keep it.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{ "type": "module" }' >package.json
npm install --silent --no-audit --no-fund node@24.21.0 vite@8.3.8
echo 'export const one = process.env.NODE_ENV' >one.js
echo 'export const two = process.env.NODE_ENV' >two.js

cat >serve.js <<'JS'
import assert from 'node:assert/strict'
import { createServer } from 'vite'

process.env.NODE_ENV = 'development'
const server = await createServer({ root: process.cwd(), logLevel: 'silent', server: { host: '127.0.0.1', port: 0 } })
await server.listen()
const [origin] = server.resolvedUrls.local
const read = async (file) => /= "(\w+)"/.exec(await (await fetch(origin + file)).text())?.[1]

process.env.NODE_ENV = 'test'
const one = await read('one.js')
process.env.NODE_ENV = 'development'
const two = await read('two.js')
const { mode, isProduction } = server.config
await server.close()
console.log(`Vite 8.3.8, Node ${process.versions.node}
Expected: one value for all files of a server, that of its configuration
Seen: one.js ${one}, two.js ${two}, mode ${mode}, isProduction ${isProduction}`)
assert.deepEqual([one, two, mode, isProduction], ['test', 'development', 'development', false])
process.exit()
JS
npx node serve.js

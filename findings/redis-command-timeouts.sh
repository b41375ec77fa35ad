#!/usr/bin/env bash
# Redis clients wait for ever for a server that is connected and does not answer; node-redis even with a time-out.
#
# Seen: 2026-11-29, redis 6.3.1, ioredis 6.0.0, redis-server 7.0.15, Node 24.21.0. The server is told to answer
# nothing for a while (CLIENT PAUSE), as one that is stopped or swaps does by itself. A GET, watched for 6 seconds:
#   redis, default                           nothing
#   redis, commandOptions.timeout 1000       nothing: it ends with the writing of the command
#   ioredis, default                         nothing
#   ioredis, commandTimeout 1000             Error "Command timed out" after 1 s
set -euo pipefail
command -v redis-server >/dev/null || { echo 'Skipped: no redis-server.'; [ -z "${REQUIRE_PROGRAMS-}" ]; exit; }
dir=$(mktemp -d)
trap '{ kill "$server" && wait "$server"; } 2>/dev/null || true; rm -rf "$dir"' EXIT
cd "$dir"
redis-server --port 0 --unixsocket "$dir/redis.sock" --save '' --logfile "$dir/log" &
server=$!
echo '{ "type": "module" }' >package.json
npm install --silent --no-audit --no-fund node@24.21.0 redis@6.3.1 ioredis@6.0.0

cat >timeouts.js <<'JS'
import assert from 'node:assert/strict'
import { setTimeout } from 'node:timers/promises'
import Redis from 'ioredis'
import { createClient } from 'redis'

const path = process.argv[2]
const WATCHED = 6_000

async function nodeRedis(options) {
  const client = createClient({ socket: { path }, ...options })
  client.on('error', () => {})
  await client.connect()
  return client
}
async function ioredis(options) {
  const client = new Redis({ path, ...options })
  await client.ping()
  return client
}
const clients = {
  'redis, default': await nodeRedis({}),
  'redis, commandOptions.timeout 1000': await nodeRedis({ commandOptions: { timeout: 1000 } }),
  'ioredis, default': await ioredis({}),
  'ioredis, commandTimeout 1000': await ioredis({ commandTimeout: 1000 }),
}

const pauser = await nodeRedis({})
await pauser.sendCommand(['CLIENT', 'PAUSE', String(5 * WATCHED), 'ALL'])
const seen = {}
async function watch([name, client]) {
  const answer = client.get('key').then(
    () => 'a value',
    (error) => error.message,
  )
  seen[name] = await Promise.race([answer, setTimeout(WATCHED, 'nothing')])
}
await Promise.all(Object.entries(clients).map(watch))
console.log(`redis 6.3.1, ioredis 6.0.0
Expected: with a time-out of 1000 ms an error after a second
Seen within ${WATCHED / 1000} s:`, seen)
assert.deepEqual(seen, {
  'redis, default': 'nothing',
  'redis, commandOptions.timeout 1000': 'nothing',
  'ioredis, default': 'nothing',
  'ioredis, commandTimeout 1000': 'Command timed out',
})
process.exit()
JS
redis-server --version
npx node timeouts.js "$dir/redis.sock"

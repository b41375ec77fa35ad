#!/usr/bin/env bash
# msw 3 ignores onUnhandledRequest: 'error', so requests that a test did not mock reach the network.
#
# Seen: 2026-11-29, msw 2.11.6 and 3.0.5, Node 24.21.0. A request without a handler, to a local server:
#   msw 2.11.6, onUnhandledRequest: 'error':  fetch rejects, nothing arrives
#   msw 3.0.5, onUnhandledRequest: 'error':   a warning, and the request arrives
#   msw 3.0.5, onUnhandledFrame: 'error':     fetch rejects, nothing arrives
# The option has a new name in msw 3; in JavaScript, and in a setup file that no type checker sees, nothing says so.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{ "type": "module" }' >package.json
npm install --silent --no-audit --no-fund node@24.21.0 msw-2@npm:msw@2.11.6 msw-3@npm:msw@3.0.5

cat >unhandled.js <<'JS'
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'

let arrived = 0
const network = createServer((_request, answer) => {
  arrived += 1
  answer.end()
}).listen(0, '127.0.0.1')
await once(network, 'listening')

async function request(version, options) {
  const { setupServer } = await import(`${version}/node`)
  const server = setupServer()
  arrived = 0
  server.listen(options)
  const outcome = await fetch(`http://127.0.0.1:${network.address().port}/`).then(() => 'answered', () => 'rejected')
  server.close()
  return `${outcome}, ${arrived} arrived`
}
const seen = [
  await request('msw-2', { onUnhandledRequest: 'error' }),
  await request('msw-3', { onUnhandledRequest: 'error' }),
  await request('msw-3', { onUnhandledFrame: 'error' }),
]
console.log(`Expected with onUnhandledRequest: rejected, or an error about an unknown option
Seen, msw 2.11.6 onUnhandledRequest: ${seen[0]}
Seen, msw 3.0.5 onUnhandledRequest:  ${seen[1]}
Seen, msw 3.0.5 onUnhandledFrame:    ${seen[2]}`)
assert.deepEqual(seen, ['rejected, 0 arrived', 'answered, 1 arrived', 'rejected, 0 arrived'])
process.exit()
JS
npx node unhandled.js 2>warnings || { cat warnings; exit 1; }

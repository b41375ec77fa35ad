#!/usr/bin/env bash
# Varnish sends a POST without a body a second time when its kept-alive connection to the backend ends unanswered.
#
# Seen: 2026-11-29, varnish 7.1.1 (Debian 12), default VCL, Node 20.20.2. The backend reads the first POST whole and
# closes the connection without an answer, as a process does that is stopped in mid-request:
#   POST without a body:  arrives twice, the client gets the answer of the second
#   POST with a body:     arrives once, the client gets 503
# RFC 9110, section 9.2.2, forbids a proxy to repeat a request automatically when its method is not idempotent.
set -euo pipefail
command -v varnishd >/dev/null || { echo 'Skipped: no varnishd.'; [ -z "${REQUIRE_PROGRAMS-}" ]; exit; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
chmod 755 "$dir"
cd "$dir"

cat >repeat.mjs <<'JS'
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'

const [backend, front] = ['backend', 'front'].map((name) => `${process.cwd()}/${name}`)
const arrived = { '/warm-up': 0, '/empty': 0, '/with-body': 0 }
const server = createServer(async (message, answer) => {
  await text(message)
  arrived[message.url] += 1
  if (message.url === '/warm-up' || arrived[message.url] > 1) answer.end('done')
  else message.socket.destroy()
}).listen(backend)
await once(server, 'listening')
chmodSync(backend, 0o777)

writeFileSync('default.vcl', `vcl 4.1; backend default { .path = "${backend}"; }`)
const options = ['-F', '-n', `${process.cwd()}/work`, '-a', `${front},HTTP,mode=666`, '-T', 'none']
const varnish = spawn('varnishd', [...options, '-f', `${process.cwd()}/default.vcl`], { stdio: 'ignore' })
for (let tries = 0; !existsSync(front) && tries < 100; tries += 1) await setTimeout(100)

async function post(path, body) {
  const headers = { 'content-length': String(body.length) }
  const [answer] = await once(request({ socketPath: front, path, method: 'POST', headers }).end(body), 'response')
  await text(answer)
  return answer.statusCode
}
// The first connection to the backend is made here, and kept alive.
while ((await post('/warm-up', '').catch(() => 0)) !== 200) await setTimeout(100)
const statuses = { '/empty': await post('/empty', ''), '/with-body': await post('/with-body', 'a=1') }
varnish.kill()
await once(varnish, 'exit')
const seen = Object.entries(statuses).map(([path, status]) => `${path}: sent ${arrived[path]}x, ${status}`)
console.log(`Expected: /empty: sent 1x, 503; /with-body: sent 1x, 503\nSeen:     ${seen.join('; ')}`)
assert.deepEqual(seen, ['/empty: sent 2x, 200', '/with-body: sent 1x, 503'])
process.exit()
JS
varnishd -V 2>&1 | head -1
node repeat.mjs

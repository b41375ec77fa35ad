#!/usr/bin/env bash
# A worker sees two Cookie lines of a request as one value with a comma between them, where Node has a semicolon.
#
# Seen: 2026-11-29, workerd 1.20261117.1, Node 24.21.0. One HTTP/1.1 request with the lines "Cookie: a=1" and "Cookie: b=2":
#   Node, request.headers.cookie:            a=1; b=2
#   workerd, request.headers.get('cookie'):  a=1, b=2
# RFC 9113, section 8.2.3, has fields of cookies joined by "; " on their way out of HTTP/2, and Node does so for HTTP/1.1.
# The Fetch standard joins the lines of any other header by ", ". What splits cookies at semicolons finds one cookie, a,
# with the value "1, b=2".
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{ "type": "module" }' >package.json
npm install --silent --no-audit --no-fund node@24.21.0 workerd@1.20261117.1

cat >worker.js <<'JS'
export default { fetch: (request) => new Response(request.headers.get('cookie')) }
JS
cat >config.capnp <<'CAPNP'
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  compatibilityDate = "2026-11-01",
);
CAPNP
cat >ask.js <<'JS'
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect } from 'node:net'

/** Sends the two lines, and resolves with the body of the answer. */
async function ask(port) {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8')
  socket.write('GET / HTTP/1.1\r\nHost: app.example\r\nCookie: a=1\r\nCookie: b=2\r\nConnection: close\r\n\r\n')
  let text = ''
  for await (const chunk of socket) text += chunk
  return /a=1[^\r\n]*/.exec(text)?.[0]
}

const server = createServer((request, response) => response.end(request.headers.cookie)).listen(0)
await once(server, 'listening')
const node = await ask(server.address().port)
server.close()

const args = ['serve', 'config.capnp', '--control-fd=3']
const workerd = spawn('node_modules/workerd/bin/workerd', args, { stdio: ['ignore', 'inherit', 'inherit', 'pipe'] })
process.once('exit', () => workerd.kill('SIGKILL'))
const [line] = await once(workerd.stdio[3], 'data')
const { port } = JSON.parse(String(line).split('\n')[0])
const worker = await ask(port)
console.log(`Node ${process.version}, workerd 1.20261117.1
Expected: a=1; b=2, in both
Seen, Node:    ${node}
Seen, workerd: ${worker}`)
assert.deepEqual([node, worker], ['a=1; b=2', 'a=1, b=2'])
process.exit()
JS
npx node ask.js

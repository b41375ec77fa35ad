#!/usr/bin/env bash
# Chromium and Firefox send a POST a second time when a kept-alive connection ends without an answer.
#
# Seen: 2026-11-29, Chromium 156.0.8078.108, Firefox ESR 153.8.0, puppeteer-core 25.16.0. The server reads the POST
# whole and closes the connection without an answer, each time, as a process does that is stopped in mid-request:
#   Chromium:  sent two or three times, with and without keepalive, then fetch() rejects
#   Firefox:   sent twice, with and without keepalive, then fetch() rejects
# RFC 9110, section 9.2.2: a client should not repeat a request by itself when its method is not idempotent, unless it
# knows that the first was not processed; and should not repeat the repetition. A connection that was idle may have
# been closed before the request arrived, and a browser cannot tell that from this.
set -euo pipefail
chromium=${CHROMIUM_PATH:-$(command -v chromium google-chrome | head -n 1 || true)}
firefox=$(command -v firefox-esr firefox | head -n 1 || true)
[ -n "$chromium" ] && [ -n "$firefox" ] ||
  { echo 'Skipped: no Chromium or no Firefox.'; [ -z "${REQUIRE_PROGRAMS-}" ]; exit; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{ "type": "module" }' >package.json
npm install --silent --no-audit --no-fund node@24.21.0 puppeteer-core@25.16.0

cat >repeat.js <<'JS'
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { launch } from 'puppeteer-core'

let arrived = 0
const server = createServer(async (request, answer) => {
  await text(request)
  if (request.url !== '/unanswered') return answer.setHeader('content-type', 'text/html').end('<title>Page</title>')
  arrived += 1
  request.socket.destroy()
}).listen(0, '127.0.0.1')
await once(server, 'listening')

const seen = {}
const [chrome, firefox] = process.argv.slice(2)
for (const [browserName, executablePath] of Object.entries({ chrome, firefox })) {
  const args = browserName === 'chrome' && process.getuid() === 0 ? ['--no-sandbox'] : []
  const browser = await launch({ browser: browserName, executablePath, args })
  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${server.address().port}/`)
  console.log(await browser.version())
  for (const keepalive of [false, true]) {
    arrived = 0
    const outcome = await page.evaluate(async (isKeepalive) => {
      await (await fetch('/warm-up', { method: 'POST' })).text()
      const request = fetch('/unanswered', { method: 'POST', body: 'a=1', keepalive: isKeepalive })
      return request.then(() => 'answered', () => 'rejected')
    }, keepalive)
    seen[`${browserName}, keepalive ${keepalive}`] = `sent ${arrived}x, ${outcome}`
  }
  await browser.close()
}
console.log('Expected: sent 1x, rejected\nSeen:', seen)
for (const outcome of Object.values(seen)) assert.match(outcome, /^sent [23]x, rejected$/)
process.exit()
JS
npx node repeat.js "$chromium" "$firefox"

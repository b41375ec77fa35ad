#!/usr/bin/env bash
# In Firefox fetch() does not resolve, and EventSource does not open, before the first byte of the body arrives.
#
# Seen: 2026-11-29, Firefox ESR 153.8.0, Chromium 156.0.8078.108, puppeteer-core 25.16.0. An event stream whose headers
# are sent at once, and whose first byte comes three seconds later:
#   Chromium:  fetch() resolves and "open" fires within a fraction of a second
#   Firefox:   fetch() resolves and "open" fires after three seconds
# Fetch resolves with the response once its headers are there; the body is a stream.
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

cat >stream.js <<'JS'
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { launch } from 'puppeteer-core'

const server = createServer(async (request, answer) => {
  if (request.url !== '/stream') return answer.setHeader('content-type', 'text/html').end('<title>Page</title>')
  answer.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' }).flushHeaders()
  await setTimeout(3_000)
  answer.end(': first byte\n\n')
}).listen(0, '127.0.0.1')
await once(server, 'listening')

const seen = {}
const [chrome, firefox] = process.argv.slice(2)
for (const [browserName, executablePath] of Object.entries({ chrome, firefox })) {
  const args = browserName === 'chrome' && process.getuid() === 0 ? ['--no-sandbox'] : []
  const browser = await launch({ browser: browserName, executablePath, args })
  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${server.address().port}/`)
  const times = await page.evaluate(async () => {
    async function time(wait) {
      const begin = performance.now()
      await wait()
      return performance.now() - begin
    }
    const waitForOpen = () => new Promise((open) => (new EventSource('/stream').onopen = open))
    return { fetch: await time(() => fetch('/stream')), open: await time(waitForOpen) }
  })
  const waits = (ms) => (ms < 2_500 ? 'at once' : 'with the first byte')
  seen[browserName] = { fetch: waits(times.fetch), open: waits(times.open) }
  console.log(await browser.version(), times)
  await browser.close()
}
console.log('Expected: at once, with the headers\nSeen:', seen)
assert.deepEqual(seen.chrome, { fetch: 'at once', open: 'at once' })
assert.deepEqual(seen.firefox, { fetch: 'with the first byte', open: 'with the first byte' })
process.exit()
JS
npx node stream.js "$chromium" "$firefox"

#!/usr/bin/env bash
# Workbox's strategies store answers that say Cache-Control: no-store, and answer with them later.
#
# Seen: 2026-11-29, workbox-strategies 7.4.1, Chromium 156.0.8078.108, playwright-core 1.65.1. A service worker with
# StaleWhileRevalidate, three requests for an answer that counts up:
#   Cache-Control: no-store              answers 1, 1, 2: each is one behind
#   Cache-Control: no-store, Vary: *     answers 1, 2, 3: none comes from the cache
# RFC 9111, section 5.2.2.5, forbids caches to store such an answer. The Cache API of service workers is none in that
# sense: it stores what it is given, and leaves the header to its caller.
set -euo pipefail
chromium=${CHROMIUM_PATH:-$(command -v chromium google-chrome | head -n 1 || true)}
[ -n "$chromium" ] || { echo 'Skipped: no Chromium.'; [ -z "${REQUIRE_PROGRAMS-}" ]; exit; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{ "type": "module" }' >package.json
npm install --silent --no-audit --no-fund playwright-core@1.65.1 workbox-core@7.4.1 workbox-strategies@7.4.1

cat >worker.js <<'JS'
importScripts('/workbox-core.prod.js', '/workbox-strategies.prod.js')
const strategy = new workbox.strategies.StaleWhileRevalidate()
addEventListener('activate', (event) => event.waitUntil(clients.claim()))
addEventListener('fetch', (event) => {
  if (event.request.url.includes('/answer')) event.respondWith(strategy.handle({ event, request: event.request }))
})
JS
cat >no-store.js <<'JS'
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { chromium } from 'playwright-core'

const scripts = { '/worker.js': readFileSync('worker.js') }
for (const name of ['workbox-core', 'workbox-strategies']) {
  scripts[`/${name}.prod.js`] = readFileSync(`node_modules/${name}/build/${name}.prod.js`)
}
const answers = { '/answer': 0, '/answer-vary': 0 }
const server = createServer(({ url }, answer) => {
  if (url in scripts) return answer.setHeader('content-type', 'text/javascript').end(scripts[url])
  if (!(url in answers)) return answer.setHeader('content-type', 'text/html').end('<title>Page</title>')
  answer.setHeader('cache-control', 'no-store')
  if (url === '/answer-vary') answer.setHeader('vary', '*')
  answers[url] += 1
  answer.end(String(answers[url]))
}).listen(0, '127.0.0.1')
await once(server, 'listening')

const args = process.getuid() === 0 ? ['--no-sandbox'] : []
const browser = await chromium.launch({ executablePath: process.argv[2], args })
const page = await browser.newPage()
await page.goto(`http://127.0.0.1:${server.address().port}/`)
await page.evaluate(async () => {
  const isControlled = new Promise((resolve) => (navigator.serviceWorker.oncontrollerchange = resolve))
  await navigator.serviceWorker.register('/worker.js')
  await isControlled
})
const seen = { '/answer': [], '/answer-vary': [] }
for (const path of Object.keys(seen)) {
  for (let request = 1; request <= 3; request += 1) {
    seen[path].push(await page.evaluate(async (url) => (await fetch(url)).text(), path))
    // The worker asks again in the background, and stores what comes.
    await page.waitForTimeout(500)
  }
}
console.log(`workbox-strategies 7.4.1, Chromium ${browser.version()}\nExpected: 1, 2, 3\nSeen:`, seen)
await browser.close()
assert.deepEqual(seen, { '/answer': ['1', '1', '2'], '/answer-vary': ['1', '2', '3'] })
process.exit()
JS
node no-store.js "$chromium"

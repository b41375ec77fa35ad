#!/usr/bin/env bash
# `history.replaceState()` aborts the signal of a `navigate` event whose navigation goes on: the page leaves all the same.
#
# Seen: 2026-11-30, Chromium 156.0.8078.114, playwright-core 1.65.1. A page calls `location.assign()` for a slow server, and
# then, before that has answered:
#   nothing else:               navigate; the page leaves
#   `history.replaceState()`:   navigate, its signal is aborted, navigate (same document); the page leaves
#   `location.hash = …`:        the same; the page leaves
#   `window.stop()`:            navigate, its signal is aborted; the page stays
# NavigateEvent.signal is documented to be aborted when the navigation is cancelled, by the stop button or by another
# navigation that starts before it is done. A router that writes the URL is such another one, and cancels nothing: only what
# follows the abort tells it from the stop button.
set -euo pipefail
chromium=${CHROMIUM_PATH:-$(command -v chromium google-chrome | head -n 1 || true)}
[ -n "$chromium" ] || { echo 'Skipped: no Chromium.'; [ -z "${REQUIRE_PROGRAMS-}" ]; exit; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{ "type": "module" }' >package.json
npm install --silent --no-audit --no-fund playwright-core@1.65.1

cat >navigate.js <<'JS'
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { chromium } from 'playwright-core'

function defer() {
  const deferred = {}
  deferred.promise = new Promise((resolve) => Object.assign(deferred, { resolve }))
  return deferred
}

// The page leaves for /slow, waits until that has been asked for, does something else meanwhile, and tells what it saw.
const start = (what) => `<!doctype html><title>Start</title><script type="module">
  const events = []
  navigation.addEventListener('navigate', ({ destination, signal }) => {
    const name = destination.sameDocument ? 'same document' : 'other document'
    events.push(name)
    signal.addEventListener('abort', () => events.push(name + ' aborted'))
  })
  location.assign('/slow')
  await fetch('/asked')
  ${what}
  await new Promise((resolve) => setTimeout(resolve))
  navigator.sendBeacon('/events', events.join(', '))
</script>`
const html = (answer, body) => answer.setHeader('content-type', 'text/html').end(body)

async function look(browser, what) {
  const asked = defer()
  const told = defer()
  const outcome = defer()
  const server = createServer(async (request, answer) => {
    if (request.url === '/start') return html(answer, start(what))
    if (request.url === '/asked') return asked.promise.then(() => answer.end())
    if (request.url === '/events') return answer.end(told.resolve(await text(request)))
    if (request.url !== '/slow') return answer.end()
    asked.resolve()
    answer.on('close', () => outcome.resolve(answer.writableFinished ? 'leaves' : 'stays'))
    await told.promise
    if (!answer.destroyed) html(answer, '<!doctype html><title>Slow</title>')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const page = await browser.newPage()
  page.goto(`http://127.0.0.1:${server.address().port}/start`).catch(() => {})
  const seen = `${await told.promise}; ${await outcome.promise}`
  await page.close()
  server.closeAllConnections()
  server.close()
  return seen
}

const args = process.getuid() === 0 ? ['--no-sandbox'] : []
const browser = await chromium.launch({ executablePath: process.argv[2], args })
const seen = {
  nothing: await look(browser, ''),
  replaceState: await look(browser, `history.replaceState(null, '', '/start?tab=2')`),
  hash: await look(browser, `location.hash = '#tab-2'`),
  stop: await look(browser, 'window.stop()'),
}
console.log(`Chromium ${browser.version()}
Expected: aborted where the page stays, and only there
Seen:`, seen)
await browser.close()
const aborted = 'other document, other document aborted'
assert.deepEqual(seen, {
  nothing: 'other document; leaves',
  replaceState: `${aborted}, same document; leaves`,
  hash: `${aborted}, same document; leaves`,
  stop: `${aborted}; stays`,
})
JS
node navigate.js "$chromium"

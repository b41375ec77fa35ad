#!/usr/bin/env bash
# The signal of a `navigate` event does not say whether the page stays: it is aborted for pages that leave in Chromium, and not
# for pages that stay in Firefox.
#
# Seen: 2026-11-30, Chromium 156.0.8078.114, Firefox ESR 153.8.0, puppeteer-core 25.16.0. A page calls `location.assign()`
# for a slow server, and then, before that has answered:
#                              the page   the signal in Chromium   in Firefox
#   nothing else:              leaves     -                        -
#   history.replaceState():    leaves     aborted                  -
#   location.hash = ...:       leaves     aborted                  -
#   window.stop():             stays      aborted                  -
# NavigateEvent.signal is documented to be aborted when the navigation is cancelled, by the stop button or by another
# navigation. A router that writes the URL is such another one for Chromium, although it cancels nothing; and HTML (stop
# loading) tells the navigation API of a `stop()`, which Firefox does not.
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

cat >navigate.js <<'JS'
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { launch } from 'puppeteer-core'

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
  await fetch('/events', { method: 'POST', body: events.join(', ') })
  // Two seconds after /slow has been answered a page that leaves has gone.
  for (let times = 0; times < 20; times += 1) await new Promise((resolve) => setTimeout(resolve, 100))
  await fetch('/still-here', { method: 'POST', body: events.join(', ') })
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
    if (request.url === '/still-here') outcome.resolve(`${await text(request)}; stays`)
    if (request.url === '/left') outcome.resolve(`${await told.promise}; leaves`)
    if (request.url !== '/slow') return answer.end()
    asked.resolve()
    await told.promise
    html(answer, '<!doctype html><title>Slow</title><script>fetch("/left")</script>')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const page = await browser.newPage()
  page.goto(`http://127.0.0.1:${server.address().port}/start`).catch(() => {})
  const seen = await outcome.promise
  await page.close()
  server.closeAllConnections()
  server.close()
  return seen
}

const cases = {
  nothing: '',
  replaceState: `history.replaceState(null, '', '/start?tab=2')`,
  hash: `location.hash = '#tab-2'`,
  stop: 'window.stop()',
}
const seen = {}
const [chrome, firefox] = process.argv.slice(2)
for (const [name, executablePath] of Object.entries({ chrome, firefox })) {
  const args = name === 'chrome' && process.getuid() === 0 ? ['--no-sandbox'] : []
  const browser = await launch({ browser: name, executablePath, args })
  console.log(await browser.version())
  seen[name] = {}
  for (const [meanwhile, script] of Object.entries(cases)) seen[name][meanwhile] = await look(browser, script)
  await browser.close()
}
console.log('Expected: aborted where the page stays, and only there\nSeen:', seen)
const aborted = 'other document, other document aborted'
assert.deepEqual(seen, {
  chrome: {
    nothing: 'other document; leaves',
    replaceState: `${aborted}, same document; leaves`,
    hash: `${aborted}, same document; leaves`,
    stop: `${aborted}; stays`,
  },
  firefox: {
    nothing: 'other document; leaves',
    replaceState: 'other document, same document; leaves',
    hash: 'other document, same document; leaves',
    stop: 'other document; stays',
  },
})
process.exit()
JS
npx node navigate.js "$chromium" "$firefox"

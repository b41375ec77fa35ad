#!/usr/bin/env bash
# A Chromium that Playwright drives prerenders no page.
#
# Seen: 2026-11-30, playwright-core 1.65.1, Chromium 156 of Debian 12, Node 24.21.0. A page with speculation rules that
# ask for an immediate prerender of another page of its origin:
#   driven by Playwright:              PrerenderingDisabledByDevTools; the page is fetched, and no script of it runs
#   the same Chromium by itself:       prerendered; its script runs and sees document.prerendering
# Nothing fails: a test of what a page does while it is prerendered passes, since the page is loaded anew when it is
# visited, with document.prerendering false.
set -euo pipefail
chromium=${CHROMIUM_PATH:-$(command -v chromium google-chrome | head -n 1 || true)}
[ -n "$chromium" ] || { echo 'Skipped: no Chromium.'; [ -z "${REQUIRE_PROGRAMS-}" ]; exit; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{ "type": "module" }' >package.json
npm install --silent --no-audit --no-fund node@24.21.0 playwright-core@1.65.1

cat >prerender.js <<'JS'
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { chromium } from 'playwright-core'

const executablePath = process.argv[2]
const sandbox = process.getuid() === 0 ? ['--no-sandbox'] : []
const rules = { prerender: [{ source: 'list', urls: ['/next'], eagerness: 'immediate' }] }
const pages = {
  '/opener': `<title>Opener</title><script type="speculationrules">${JSON.stringify(rules)}</script>`,
  '/next': "<title>Next</title><script>fetch('/ran?prerendering=' + document.prerendering)</script>",
}
let asked = []
const server = createServer(({ url }, response) => {
  asked.push(url)
  response.setHeader('content-type', 'text/html').end(pages[url] ?? '')
}).listen(0, '127.0.0.1')
await once(server, 'listening')
const opener = `http://127.0.0.1:${server.address().port}/opener`

/** Waits until it has been asked for, or long enough to know that it will not be. */
async function ran() {
  for (let tries = 0; tries < 100; tries += 1) {
    const found = asked.find((url) => url.startsWith('/ran'))
    if (found) return found
    await wait(100)
  }
  return 'no script of it ran'
}

const browser = await chromium.launch({ executablePath, args: sandbox })
const page = await browser.newPage()
const devtools = await page.context().newCDPSession(page)
let status
devtools.on('Preload.prerenderStatusUpdated', (event) => (status = event.prerenderStatus))
await devtools.send('Preload.enable')
await page.goto(opener)
const driven = { fetched: false, script: await ran(), status }
driven.fetched = asked.includes('/next')
const version = browser.version()
await browser.close()

asked = []
const options = ['--headless=new', `--user-data-dir=${process.cwd()}/profile`, ...sandbox, opener]
const child = spawn(executablePath, options, { stdio: 'ignore' })
const alone = await ran()
child.kill()
await once(child, 'exit')

console.log(`playwright-core 1.65.1, Chromium ${version}
Expected: a page that speculation rules name is prerendered, however the browser is driven
Seen with Playwright: ${JSON.stringify(driven)}
Seen without:         ${alone}`)
assert.deepEqual(driven, { fetched: true, script: 'no script of it ran', status: 'PrerenderingDisabledByDevTools' })
assert.equal(alone, '/ran?prerendering=true')
process.exit()
JS
npx node prerender.js "$chromium"

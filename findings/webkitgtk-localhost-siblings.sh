#!/usr/bin/env bash
# WebKitGTK takes two hosts below one name under .localhost for strangers when it stores cookies, and for
# the same site in everything else.
#
# A page on https://www.app.localhost asks https://api.app.localhost, with credentials and by CORS, for
# something that sets a cookie. .localhost is no public suffix, so app.localhost is the site of both by the
# rule for names that the list does not have (https://github.com/publicsuffix/list/wiki/Format#algorithm),
# and the request says so: Sec-Fetch-Site is same-site. Expected: the cookie is stored, and comes back with
# the next request, as it does under example.com. Instead it is dropped without a word.
#
# Seen: 2026-11-29, WebKitGTK 2.50.6 with libsoup 3.2.3 on Debian 12.
set -euo pipefail

command -v WebKitWebDriver >/dev/null && command -v Xvfb >/dev/null && command -v openssl >/dev/null || { echo 'Skipped: there is no WebKitWebDriver, Xvfb or openssl on this machine.'; [ -z "${REQUIRE_PROGRAMS:-}" ]; exit; }

dir=$(mktemp -d)
trap 'kill ${driver-} ${screen-} 2>/dev/null || true; wait; rm -rf "$dir"' EXIT
cd "$dir"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -keyout key.pem -out cert.pem \
  -subj /CN=app.localhost -addext 'subjectAltName=DNS:*.app.localhost,DNS:*.app.example.com' 2>/dev/null

Xvfb -displayfd 3 -screen 0 800x600x24 -nolisten tcp 3>display 2>/dev/null &
screen=$!
until [ -s display ]; do sleep 0.1; done
port=$((20000 + RANDOM % 10000))
DISPLAY=":$(cat display)" HOME=$dir XDG_DATA_HOME=$dir XDG_CACHE_HOME=$dir WebKitWebDriver --port=$port >/dev/null 2>&1 &
driver=$!

cat >show.mjs <<'SCRIPT'
import { readFileSync } from 'node:fs'
import { createServer as createProxy } from 'node:http'
import { createServer } from 'node:https'
import { connect } from 'node:net'

const listen = (server) =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)))
const tls = { key: readFileSync('key.pem'), cert: readFileSync('cert.pem') }
const port = await listen(
  createServer(tls, ({ url, headers }, response) => {
    response.setHeader('access-control-allow-origin', headers.origin ?? '*')
    response.setHeader('access-control-allow-credentials', 'true')
    response.setHeader('content-type', url === '/page' ? 'text/html' : 'application/json')
    if (url === '/set') response.setHeader('set-cookie', 'seen=yes; Path=/; Secure; SameSite=Strict')
    const { cookie = '', 'sec-fetch-site': site = '' } = headers
    response.end(url === '/page' ? '<title>page</title>' : JSON.stringify({ cookie, site }))
  }),
)
// Finds every name on this machine.
const proxy = createProxy().on('connect', (_request, socket) => {
  const upstream = connect(port, '127.0.0.1', () => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n')
    upstream.pipe(socket).pipe(upstream)
  })
  upstream.on('error', () => socket.destroy())
  socket.on('error', () => upstream.destroy())
})
const args = ['--automation', `--proxy=http://127.0.0.1:${await listen(proxy)}`]
const browser = { acceptInsecureCerts: true, 'webkitgtk:browserOptions': { args } }

const send = async (method, path, body) => {
  const url = `http://127.0.0.1:${process.argv[2]}${path}`
  const answer = await fetch(url, { method, body: body && JSON.stringify(body) })
  const { value } = await answer.json()
  if (!answer.ok) throw new Error(value.message)
  return value
}
let session
while (session === undefined) {
  session = await send('POST', '/session', { capabilities: { alwaysMatch: browser } }).catch((error) => {
    if (error.message !== 'fetch failed') throw error
  })
}
const seen = {}
for (const domain of ['app.example.com', 'app.localhost']) {
  const path = `/session/${session.sessionId}`
  await send('POST', `${path}/url`, { url: `https://www.${domain}:${port}/page` })
  const script = `const [api, done] = arguments
    fetch(api + '/set', { credentials: 'include' })
      .then(() => fetch(api + '/show', { credentials: 'include' }))
      .then((answer) => answer.json()).then(done)`
  seen[domain] = await send('POST', `${path}/execute/async`, { script, args: [`https://api.${domain}:${port}`] })
}
await send('DELETE', `/session/${session.sessionId}`)
console.log('WebKitGTK', session.capabilities.browserVersion)
const expected = { cookie: 'seen=yes', site: 'same-site' }
console.log('Expected of both:   ', JSON.stringify(expected))
for (const [domain, values] of Object.entries(seen)) console.log(`Seen: ${domain}`, JSON.stringify(values))
const isAsRecorded =
  JSON.stringify(seen['app.example.com']) === JSON.stringify(expected) &&
  JSON.stringify(seen['app.localhost']) === JSON.stringify({ cookie: '', site: 'same-site' })
console.log(isAsRecorded ? 'As recorded.' : 'Not as recorded any more.')
process.exit(isAsRecorded ? 0 : 1)
SCRIPT
node show.mjs "$port"

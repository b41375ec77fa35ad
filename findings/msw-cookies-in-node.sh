#!/usr/bin/env bash
# In Node, cookies of an answer mocked by msw come back wrong (msw 2) or never (msw 3).
#
# Seen: 2026-11-29, msw 2.11.6 and 3.0.5, Node 24.21.0. A mocked answer sets three cookies (a=1, b=2, c=3); the next
# request with credentials: 'include' has a handler that looks at its cookies:
#   msw 2.11.6:  one cookie jar that takes the three headers, joined by commas, for one: a, Path, SameSite and
#                "HttpOnly, c"; b is lost
#   msw 3.0.5:   no cookie at all
# getSetCookie() of the mocked answer is right in both. A reader of Fetch expects a, b and c, as in a browser. fetch in
# Node keeps no cookies by itself, so a test cannot tell a lost cookie from one that the code under test lost.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{ "type": "module" }' >package.json
npm install --silent --no-audit --no-fund node@24.21.0 msw-2@npm:msw@2.11.6 msw-3@npm:msw@3.0.5

cat >cookies.js <<'JS'
import assert from 'node:assert/strict'

async function sendBack(version) {
  const { http, HttpResponse } = await import(version)
  const { setupServer } = await import(`${version}/node`)
  const lines = ['a=1; Path=/', 'b=2; Path=/; HttpOnly', 'c=3; Path=/; SameSite=Strict']
  const headers = lines.map((line) => ['Set-Cookie', line])
  const server = setupServer(
    http.get('https://app.example/set', () => new HttpResponse(null, { headers })),
    http.get('https://app.example/show', ({ cookies }) => HttpResponse.json(cookies)),
  )
  server.listen()
  const { headers: received } = await fetch('https://app.example/set', { credentials: 'include' })
  const answer = await fetch('https://app.example/show', { credentials: 'include' })
  const cookies = Object.keys(await answer.json())
  server.close()
  return { received: received.getSetCookie().length, sentBack: cookies }
}

const seen = { 'msw 2.11.6': await sendBack('msw-2'), 'msw 3.0.5': await sendBack('msw-3') }
console.log('Expected: 3 received, and a, b, c sent back\nSeen:', seen)
assert.deepEqual(seen, {
  'msw 2.11.6': { received: 3, sentBack: ['a', 'Path', 'SameSite', 'HttpOnly, c'] },
  'msw 3.0.5': { received: 3, sentBack: [] },
})
JS
npx node cookies.js

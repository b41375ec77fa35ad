#!/usr/bin/env bash
# oauth2-mock-server answers a failed code exchange with application/problem+json and no OAuth error code.
#
# Seen: 2026-11-29, oauth2-mock-server 9.3.0, Node 24.21.0. A code is exchanged, then presented again, as a reloaded
# callback page does:
#   first:   200 application/json
#   second:  400 application/problem+json, members type, title, detail; no member "error"
# RFC 6749, section 5.2, demands application/json with "error", here invalid_grant.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{ "type": "module" }' >package.json
npm install --silent --no-audit --no-fund node@24.21.0 oauth2-mock-server@9.3.0

cat >exchange.js <<'JS'
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { OAuth2Server } from 'oauth2-mock-server'

const server = new OAuth2Server()
await server.issuer.keys.generate('RS256')
await server.start(0, '127.0.0.1')
const { url } = server.issuer

const client = { client_id: 'app', redirect_uri: 'http://127.0.0.1/callback' }
const code_verifier = randomBytes(32).toString('base64url')
const code_challenge = createHash('sha256').update(code_verifier).digest('base64url')
const request = { ...client, response_type: 'code', scope: 'openid', state: 'state' }
const query = new URLSearchParams({ ...request, code_challenge, code_challenge_method: 'S256' })
const { headers } = await fetch(`${url}/authorize?${query}`, { redirect: 'manual' })
const code = new URL(headers.get('location')).searchParams.get('code')

async function exchange() {
  const body = new URLSearchParams({ ...client, grant_type: 'authorization_code', code, code_verifier })
  const answer = await fetch(`${url}/token`, { method: 'POST', body })
  const [mediaType] = answer.headers.get('content-type').split(';')
  return { status: answer.status, mediaType, error: (await answer.json()).error }
}
const seen = [await exchange(), await exchange()]
await server.stop()
console.log(`oauth2-mock-server 9.3.0
Expected the second time: 400, application/json, error "invalid_grant"
Seen:`, seen)
assert.deepEqual(seen, [
  { status: 200, mediaType: 'application/json', error: undefined },
  { status: 400, mediaType: 'application/problem+json', error: undefined },
])
JS
npx node exchange.js

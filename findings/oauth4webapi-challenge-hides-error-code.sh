#!/usr/bin/env bash
# oauth4webapi reads WWW-Authenticate first, and then leaves the error code in the body unread.
#
# Seen: 2026-11-29, oauth4webapi 3.8.8, Node 24.21.0. The same 400 {"error":"invalid_grant"} of a token endpoint:
#   without WWW-Authenticate:  ResponseBodyError, error "invalid_grant"
#   with it:                   WWWAuthenticateChallengeError, error undefined, the body unread
# RFC 6749, section 5.2, puts the code into the body, and demands the header only with 401 invalid_client. There are
# servers that send the header with every error.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{ "type": "module" }' >package.json
npm install --silent --no-audit --no-fund node@24.21.0 oauth4webapi@3.8.8

cat >challenge.js <<'JS'
import assert from 'node:assert/strict'
import { processRefreshTokenResponse } from 'oauth4webapi'

const as = { issuer: 'https://login.example', token_endpoint: 'https://login.example/token' }
async function refuse(headers) {
  const response = Response.json({ error: 'invalid_grant' }, { status: 400, headers })
  const error = await processRefreshTokenResponse(as, { client_id: 'app' }, response).catch((reason) => reason)
  return { name: error.constructor.name, error: error.error, isBodyRead: response.bodyUsed }
}

const plain = await refuse({})
const challenged = await refuse({ 'www-authenticate': 'Bearer realm="login", error="invalid_grant"' })
console.log(`oauth4webapi 3.8.8
Expected: the body's error code, with and without WWW-Authenticate
Seen without:`, plain, '\nSeen with:', challenged)
assert.deepEqual(plain, { name: 'ResponseBodyError', error: 'invalid_grant', isBodyRead: true })
assert.deepEqual(challenged, { name: 'WWWAuthenticateChallengeError', error: undefined, isBodyRead: false })
JS
npx node challenge.js

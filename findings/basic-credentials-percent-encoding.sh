#!/usr/bin/env bash
# Client libraries and servers disagree about the percent-encoding of Basic credentials, "-" included.
#
# Seen: 2026-11-29, oauth4webapi 3.8.8, openid-client 6.9.0, @node-oauth/oauth2-server 5.3.0, Node 24.21.0.
# RFC 6749, section 2.3.1, has id and secret encoded as application/x-www-form-urlencoded, which leaves "-", "." and
# "_" as they are. Both clients write "web-app" as "web%2Dapp", which decodes to the same; the server does not decode
# at all. Each side alone looks harmless; together a right secret is refused:
#   web-app:it-is-one           -> a token
#   web%2Dapp:it%2Dis%2Done     -> 401 invalid_client
# Nothing is encoded in an id and a secret of letters and digits, so those work everywhere.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{ "type": "module" }' >package.json
npm install --silent --no-audit --no-fund node@24.21.0 oauth4webapi@3.8.8 openid-client@6.9.0 \
  @node-oauth/oauth2-server@5.3.0

cat >credentials.js <<'JS'
import assert from 'node:assert/strict'
import OAuth2Server from '@node-oauth/oauth2-server'
import * as oauth4webapi from 'oauth4webapi'
import * as openidClient from 'openid-client'

const [id, secret] = ['web-app', 'it-is-one']
const as = { issuer: 'https://login.example', token_endpoint: 'https://login.example/token' }

let sent
async function note(_url, init) {
  sent = new Headers(init.headers).get('authorization')
  return Response.json({ access_token: 'token', token_type: 'bearer' })
}
async function byOauth4webapi() {
  const authentication = oauth4webapi.ClientSecretBasic(secret)
  const options = { [oauth4webapi.customFetch]: note }
  await oauth4webapi.refreshTokenGrantRequest(as, { client_id: id }, authentication, 'token', options)
  return atob(sent.slice('Basic '.length))
}
async function byOpenidClient() {
  const configuration = new openidClient.Configuration(as, id, {}, openidClient.ClientSecretBasic(secret))
  configuration[openidClient.customFetch] = note
  await openidClient.refreshTokenGrant(configuration, 'token')
  return atob(sent.slice('Basic '.length))
}

const client = { id, grants: ['refresh_token'] }
const refreshTokenExpiresAt = new Date(Date.now() + 60_000)
const server = new OAuth2Server({
  model: {
    getClient: async (anId, aSecret) => (anId === id && aSecret === secret ? client : null),
    getRefreshToken: async (refreshToken) => ({ refreshToken, client, user: {}, refreshTokenExpiresAt }),
    revokeToken: async () => true,
    saveToken: async (token, forClient, user) => ({ ...token, client: forClient, user }),
  },
})
/** What the server makes of a refresh with these credentials. */
async function refresh(credentials) {
  const body = { grant_type: 'refresh_token', refresh_token: 'token' }
  const headers = {
    authorization: `Basic ${btoa(credentials)}`,
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': String(new URLSearchParams(body).toString().length),
  }
  const request = new OAuth2Server.Request({ method: 'POST', query: {}, headers, body })
  return server.token(request, new OAuth2Server.Response()).then(() => 'a token', (error) => error.name)
}

const written = { oauth4webapi: await byOauth4webapi(), 'openid-client': await byOpenidClient() }
const read = {}
for (const credentials of [`${id}:${secret}`, written.oauth4webapi]) read[credentials] = await refresh(credentials)
console.log(`oauth4webapi 3.8.8, openid-client 6.9.0, @node-oauth/oauth2-server 5.3.0
Expected: clients write web-app:it-is-one, and the server takes its encoded form for the same
Seen, written by clients:`, written, '\nSeen, read by the server:', read)
const encoded = 'web%2Dapp:it%2Dis%2Done'
assert.deepEqual(written, { oauth4webapi: encoded, 'openid-client': encoded })
assert.deepEqual(read, { 'web-app:it-is-one': 'a token', [encoded]: 'invalid_client' })
JS
npx node credentials.js

#!/usr/bin/env bash
# oidc-provider ends the application's tokens when the user declines to sign out.
#
# Seen: 2026-11-30, oidc-provider 9.13.3, Node 24.21.0, its default pages, and refresh tokens for all clients by
# issueRefreshToken, without offline_access. Alice has signed in at two applications; one of them sends her to
# end_session_endpoint with its client_id. She answers the question whether to sign out with no:
#   refresh token of that application:       invalid_grant
#   refresh token of the other application:  works
#   her session:                             goes on; the next sign-in asks for consent again, and for no password
# With offline_access the refresh token lives on. OpenID Connect RP-Initiated Logout 1.0, section 2, has the OP ask
# whether the user wants to log out of the OP as well, and says nothing of tokens after a no.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{ "type": "module" }' >package.json
npm install --silent --no-audit --no-fund node@24.21.0 oidc-provider@9.13.3

cat >decline.js <<'JS'
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import Provider from 'oidc-provider'

const server = createServer().listen(0, '127.0.0.1')
await once(server, 'listening')
const issuer = `http://127.0.0.1:${server.address().port}`
const redirect_uri = 'https://app.example/callback'
const grant_types = ['authorization_code', 'refresh_token']
const clients = ['shop', 'mail'].map((client_id) => ({ client_id, client_secret: 'secret', redirect_uris: [redirect_uri], grant_types }))
server.on('request', new Provider(issuer, { clients, cookies: { keys: ['key'] }, issueRefreshToken: () => true }).callback())

const cookies = new Map()
/** The prompts of the pages that were answered. */
let prompts = []

/** Asks as a browser does, and answers the pages for login and consent. */
async function visit(url, init) {
  const cookie = [...cookies].map((pair) => pair.join('=')).join('; ')
  const answer = await fetch(new URL(url, issuer), { ...init, redirect: 'manual', headers: { cookie } })
  for (const line of answer.headers.getSetCookie()) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)
    cookies.set(name, value)
  }
  const location = answer.headers.get('location')
  if (location?.startsWith(redirect_uri)) return new URL(location).searchParams.get('code')
  if (location) return visit(location)
  const page = await answer.text()
  const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1]
  if (prompt === undefined) return page
  prompts.push(prompt)
  const body = new URLSearchParams({ prompt, login: 'alice', password: 'any' })
  return visit(/action="([^"]+)"/.exec(page)[1], { method: 'POST', body })
}

async function requestTokens(client, parameters) {
  const headers = { authorization: `Basic ${btoa(`${client}:secret`)}` }
  const body = new URLSearchParams(parameters)
  return (await fetch(`${issuer}/token`, { method: 'POST', headers, body })).json()
}

async function signIn(client_id) {
  prompts = []
  const code_verifier = randomBytes(32).toString('base64url')
  const code_challenge = createHash('sha256').update(code_verifier).digest('base64url')
  const request = { client_id, response_type: 'code', redirect_uri, scope: 'openid' }
  const pkce = { code_challenge, code_challenge_method: 'S256' }
  const code = await visit(`/auth?${new URLSearchParams({ ...request, ...pkce })}`)
  return requestTokens(client_id, { grant_type: 'authorization_code', code, redirect_uri, code_verifier })
}

const refresh = async (client, { refresh_token }) =>
  (await requestTokens(client, { grant_type: 'refresh_token', refresh_token })).error ?? 'works'

const shop = await signIn('shop')
const mail = await signIn('mail')
const question = await visit('/session/end?client_id=shop')
const xsrf = /name="xsrf" value="([^"]+)"/.exec(question)[1]
// The button that says no sends the form without its member "logout".
await visit('/session/end/confirm', { method: 'POST', body: new URLSearchParams({ xsrf }) })

const seen = { shop: await refresh('shop', shop), mail: await refresh('mail', mail) }
await signIn('shop')
console.log(`oidc-provider 9.13.3, Node ${process.versions.node}
Expected after a sign-out that the user has declined: nothing has changed
Seen: refresh token of the application that asked ${seen.shop}, of the other one ${seen.mail}
      the next sign-in shows: ${prompts.join(', ')}`)
assert.deepEqual(seen, { shop: 'invalid_grant', mail: 'works' })
assert.deepEqual(prompts, ['consent'])
process.exit()
JS
npx node decline.js 2>&1 | grep -Ev '^oidc-provider (NOTICE|WARNING): '

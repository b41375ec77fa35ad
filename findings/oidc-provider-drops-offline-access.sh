#!/usr/bin/env bash
# oidc-provider drops the scope offline_access without a word when the request has no prompt=consent.
#
# Seen: 2026-11-29, oidc-provider 9.13.3, Node 24.21.0, its default settings, a confidential web client with the
# grant refresh_token. Both sign-ins succeed:
#   without prompt:  scope "openid", no refresh token
#   prompt=consent:  scope "openid offline_access", a refresh token
# OpenID Connect Core 1.0, section 11, has the authorization server ignore offline_access without consent, so this
# is allowed; the surprise is that nothing fails: no error, and no log line about it. RFC 6749, section 3.3, has the
# answer name the narrower scope, and it does.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{ "type": "module" }' >package.json
npm install --silent --no-audit --no-fund node@24.21.0 oidc-provider@9.13.3

cat >sign-in.js <<'JS'
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
const client = { client_id: 'app', client_secret: 'secret', redirect_uris: [redirect_uri], grant_types }
server.on('request', new Provider(issuer, { clients: [client], cookies: { keys: ['key'] } }).callback())

/** Signs in as a browser does, through the provider's own login and consent pages. */
async function signIn(parameters) {
  const cookies = new Map()
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
    const prompt = /name="prompt" value="(\w+)"/.exec(page)[1]
    const body = new URLSearchParams({ prompt, login: 'alice', password: 'any' })
    return visit(/action="([^"]+)"/.exec(page)[1], { method: 'POST', body })
  }
  const code_verifier = randomBytes(32).toString('base64url')
  const code_challenge = createHash('sha256').update(code_verifier).digest('base64url')
  const request = { client_id: 'app', response_type: 'code', redirect_uri, scope: 'openid offline_access' }
  const pkce = { code_challenge, code_challenge_method: 'S256' }
  const code = await visit(`/auth?${new URLSearchParams({ ...request, ...pkce, ...parameters })}`)
  const headers = { authorization: `Basic ${btoa('app:secret')}` }
  const body = new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri, code_verifier })
  const tokens = await (await fetch(`${issuer}/token`, { method: 'POST', headers, body })).json()
  return { scope: tokens.scope, hasRefreshToken: tokens.refresh_token !== undefined }
}

const seen = [await signIn({}), await signIn({ prompt: 'consent' })]
console.log(`oidc-provider 9.13.3, Node ${process.versions.node}
Expected: offline_access brings a refresh token, or an error that says why not
Seen without prompt:      ${JSON.stringify(seen[0])}
Seen with prompt=consent: ${JSON.stringify(seen[1])}`)
assert.deepEqual(seen, [
  { scope: 'openid', hasRefreshToken: false },
  { scope: 'openid offline_access', hasRefreshToken: true },
])
process.exit()
JS
npx node sign-in.js 2>&1 | grep -Ev '^oidc-provider (NOTICE|WARNING): '

#!/usr/bin/env bash
# oauth4webapi does not look for a new signing key during the first minute after it has read the keys.
#
# Seen: 2026-11-29, oauth4webapi 3.8.8, Node 24.21.0. An ID token with a kid that the cached key set does not have:
#   keys read just now:         OperationProcessingError, the key set is not read again
#   keys read 61 seconds ago:   the key set is read again, and the signature is verified
# OpenID Connect Core, section 10.1.1, says that a verifier goes back to the jwks_uri when it sees an unfamiliar kid. A
# server that rotates at once has the sign-in of that minute refused, with a code that is spent.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{ "type": "module" }' >package.json
npm install --silent --no-audit --no-fund node@24.21.0 oauth4webapi@3.8.8 jose@6.2.18

cat >rotation.js <<'JS'
import assert from 'node:assert/strict'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import * as oauth from 'oauth4webapi'

const issuer = 'https://login.example'
const as = { issuer, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwks` }
const client = { client_id: 'app' }
const createKey = async (kid) => {
  const { publicKey, privateKey } = await generateKeyPair('RS256')
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } }
}
const [old, rotated] = [await createKey('old'), await createKey('rotated')]

const now = Math.floor(Date.now() / 1000)
const id_token = await new SignJWT({ sub: 'alice', iat: now })
  .setProtectedHeader({ alg: 'RS256', kid: 'rotated' })
  .setIssuer(issuer).setAudience('app').setExpirationTime(now + 300)
  .sign(rotated.privateKey)

/** Verifies with a cache that has the old key, read so many seconds ago; the key set has both by now. */
async function verify(age) {
  let reads = 0
  // The library also remembers keys by this object.
  const server = { ...as }
  const response = Response.json({ access_token: 'a', token_type: 'Bearer', id_token })
  await oauth.processRefreshTokenResponse(server, client, response)
  const error = await oauth
    .validateApplicationLevelSignature(server, response, {
      [oauth.jwksCache]: { jwks: { keys: [old.jwk] }, uat: now - age },
      [oauth.customFetch]: async () => {
        reads += 1
        return Response.json({ keys: [old.jwk, rotated.jwk] })
      },
    })
    .then(() => undefined, (reason) => reason)
  return { reads, error: error?.constructor.name }
}

const [fresh, older] = [await verify(1), await verify(61)]
console.log(`oauth4webapi 3.8.8
Expected: an unfamiliar kid is a reason to read the keys again
Seen, keys read 1 s ago: `, fresh, '\nSeen, keys read 61 s ago:', older)
assert.deepEqual(fresh, { reads: 0, error: 'OperationProcessingError' })
assert.deepEqual(older, { reads: 1, error: undefined })
JS
npx node rotation.js

// The look at the metadata judges as the handler does: what signs users in is no finding, and the rest is named.
import { describe, expect, it } from 'vitest'
import { examineMetadata } from '../../src/doctor/examine-metadata.ts'
import { clientKey } from '../support/client-key.ts'
import { newKey } from '../support/dpop-keys.ts'
import { clientId, clientSecret, issuer, metadata } from '../support/provider.ts'
import { createTestConfiguration } from '../support/world.ts'
import type { WorldOptions } from '../support/world.ts'

const openId = '/.well-known/openid-configuration'
const template = `${issuer}/{tenantid}/v2.0`

async function examine(
  answers: Readonly<Record<string, Response>>,
  sections: WorldOptions['configuration'] = {},
) {
  const configuration = createTestConfiguration({ configuration: sections })
  const fetch = (url: string) =>
    Promise.resolve(answers[url.slice(issuer.length)] ?? new Response('no', { status: 404 }))
  const findings = await examineMetadata(configuration, { fetch, now: Date.now })
  return findings.map(({ code }) => code)
}

const oauthOnly = { ...metadata, jwks_uri: undefined }
const common = { authorizationServer: { issuer: `${issuer}/common/v2.0` } }
const tenants = {
  authorizationServer: { ...common.authorizationServer, allowedTenants: ['contoso'] },
}

const fapi: WorldOptions['configuration'] = {
  profile: 'fapi-2.0',
  client: {
    secret: undefined,
    authentication: 'private_key_jwt',
    privateKey: clientKey,
    dpopKeys: [newKey.privateJwk],
    pushedAuthorizationRequests: true,
  },
}

it('the metadata is asked for by the authorities of the configuration, and with no certificate', async () => {
  const asked: unknown[] = []
  const files = { caFile: '/run/ca.pem', certificateFile: '/run/tls.crt', keyFile: '/run/tls.key' }
  const configuration = createTestConfiguration({ configuration: { authorizationServer: files } })
  await examineMetadata(configuration, {
    now: Date.now,
    fetch: (_url, { tls }) => {
      asked.push(tls)
      return Promise.resolve(Response.json(metadata))
    },
  })
  expect(asked).toEqual([{ caFile: '/run/ca.pem' }])
})

describe('metadata is no finding', () => {
  it.each<[string, Record<string, Response>, WorldOptions['configuration']]>([
    ['of OpenID Connect', { [openId]: Response.json(metadata) }, {}],
    ['of a server that holds the profile', { [openId]: Response.json(metadata) }, fapi],
    [
      'behind a redirect within the origin',
      {
        [openId]: new Response(null, { status: 301, headers: { location: `${openId}/` } }),
        [`${openId}/`]: Response.json(metadata),
      },
      {},
    ],
    [
      'of RFC 8414, without keys, where no ID token is asked for',
      { '/.well-known/oauth-authorization-server': Response.json(oauthOnly) },
      { client: { id: clientId, secret: clientSecret, scope: 'read' } },
    ],
    [
      'of all tenants, some of which are listed',
      { [`/common/v2.0${openId}`]: Response.json({ ...metadata, issuer: template }) },
      tenants,
    ],
  ])('%s', async (_, answers, sections) => {
    expect(await examine(answers, sections)).toEqual([])
  })

  it('that is not needed, because both endpoints are configured and nothing is signed', async () => {
    const authorizationServer = {
      authorizationEndpoint: `${issuer}/authorize`,
      tokenEndpoint: `${issuer}/token`,
    }
    expect(await examine({}, { authorizationServer, client: { scope: 'read' } })).toEqual([])
  })
})

describe('metadata is named', () => {
  it.each<[string, Record<string, Response>, WorldOptions['configuration'], string]>([
    ['that is nowhere', {}, {}, 'metadata_status'],
    [
      'without keys, where ID tokens are asked for',
      { [openId]: Response.json(oauthOnly) },
      {},
      'metadata_unusable',
    ],
    [
      'of all tenants, none of which is listed',
      { [`/common/v2.0${openId}`]: Response.json({ ...metadata, issuer: template }) },
      common,
      'metadata_unusable',
    ],
    [
      'of another issuer',
      { [openId]: Response.json({ ...metadata, issuer: `${issuer}/tenant` }) },
      {},
      'issuer_mismatch',
    ],
    [
      'without the algorithm of the DPoP keys',
      { [openId]: Response.json({ ...metadata, dpop_signing_alg_values_supported: ['RS256'] }) },
      { client: { dpopKeys: [newKey.privateJwk] } },
      'metadata_unusable',
    ],
    [
      'without iss in authorization responses, where the profile fapi-2.0 demands it',
      {
        [openId]: Response.json({
          ...metadata,
          authorization_response_iss_parameter_supported: false,
        }),
      },
      fapi,
      'metadata_unusable',
    ],
  ])('%s', async (_, answers, sections, code) => {
    expect(await examine(answers, sections)).toEqual([code])
  })
})

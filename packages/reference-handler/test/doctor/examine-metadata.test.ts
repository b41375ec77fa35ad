// The look at the metadata judges as the handler does: what signs users in is no finding, and the rest is named.
import { describe, expect, it } from 'vitest'
import { examineMetadata } from '../../src/doctor/examine-metadata.ts'
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

describe('metadata is no finding', () => {
  it.each<[string, Record<string, Response>, WorldOptions['configuration']]>([
    ['of OpenID Connect', { [openId]: Response.json(metadata) }, {}],
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
  ])('%s', async (_, answers, sections, code) => {
    expect(await examine(answers, sections)).toEqual([code])
  })
})

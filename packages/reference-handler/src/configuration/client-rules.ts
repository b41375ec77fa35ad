// Rules about the client and the authorization server that it turns to.
import { isProtectedParameter } from './protected-parameters.ts'
import type { Rule } from './rule.ts'
import type { Configuration } from './schema.ts'
import { needsSigningKeys } from './signing-keys.ts'

/** The credential of each way to authenticate, where it is one of section `client`. */
const credentialOf: Readonly<
  Record<Configuration['client']['authentication'], 'secret' | 'privateKey' | undefined>
> = {
  client_secret_basic: 'secret',
  client_secret_post: 'secret',
  private_key_jwt: 'privateKey',
  tls_client_auth: undefined,
  self_signed_tls_client_auth: undefined,
}

export const clientCanAuthenticate: Rule = {
  about: ['client'],
  *mistakes({ client }) {
    const { authentication } = client
    const needed = credentialOf[authentication]
    if (needed !== undefined && client[needed] === undefined) {
      yield { path: ['client', needed], message: `is missing; set it: ${authentication} needs it` }
    }
    for (const other of ['secret', 'privateKey'] as const) {
      if (other === needed || client[other] === undefined) continue
      yield {
        path: ['client', other],
        message: `is of no use for ${authentication}; remove it, or change client.authentication`,
      }
    }
  },
}

/** A certificate is of use with its key only, and authenticates the client where that is how it does. */
export const certificateIsWhole: Rule = {
  about: ['authorizationServer', 'client'],
  *mistakes({ authorizationServer, client: { authentication } }) {
    const { certificateFile, keyFile } = authorizationServer
    const byCertificate = credentialOf[authentication] === undefined
    if (certificateFile === undefined && (byCertificate || keyFile !== undefined)) {
      yield {
        path: ['authorizationServer', 'certificateFile'],
        message: `is missing; set it: ${byCertificate ? authentication : 'authorizationServer.keyFile'} needs it`,
      }
    }
    if (certificateFile !== undefined && keyFile === undefined) {
      yield {
        path: ['authorizationServer', 'keyFile'],
        message: 'is missing; a certificate needs its key',
      }
    }
  },
}

/** Sessions say by its thumbprint which key they are bound to. */
export const dpopKeysDiffer: Rule = {
  about: ['client'],
  *mistakes({ client: { dpopKeys = [] } }) {
    const seen = new Set<string>()
    for (const [index, { kty, crv, x, y, n, e }] of dpopKeys.entries()) {
      const publicKey = JSON.stringify([kty, crv, x, y, n, e])
      if (seen.has(publicKey)) {
        yield { path: ['client', 'dpopKeys', index], message: 'is in the list twice; remove it' }
      }
      seen.add(publicKey)
    }
  },
}

export const resourceIsDecidedOnce: Rule = {
  about: ['client'],
  *mistakes({ client: { authorizationParameters, resource } }) {
    if (resource !== undefined && authorizationParameters.includes('resource')) {
      yield {
        path: ['client', 'authorizationParameters'],
        message:
          'lets the SPA choose the resource that client.resource decides; remove one of them',
      }
    }
  },
}

export const extraParametersMakeSense: Rule = {
  about: ['client'],
  *mistakes({ client: { extraParameters = {}, resource, scope } }) {
    const { max_age: maxAge } = extraParameters
    for (const name of Object.keys(extraParameters).filter(isProtectedParameter)) {
      yield {
        path: ['client', 'extraParameters', name],
        message: 'is a parameter that protects the login, and only the agent sets it; remove it',
      }
    }
    if (resource !== undefined && 'resource' in extraParameters) {
      yield {
        path: ['client', 'extraParameters'],
        message: 'names the resource that client.resource decides; remove one of them',
      }
    }
    if (maxAge === undefined) return
    if (!/^\d{1,9}$/.test(maxAge) || !scope.split(' ').includes('openid')) {
      yield {
        path: ['client', 'extraParameters'],
        message: 'has a max_age, which must be seconds and needs openid in client.scope',
      }
    }
  },
}

export const redirectUriIsTrusted: Rule = {
  about: ['client', 'trustedOrigins'],
  *mistakes({ client: { redirectUri }, trustedOrigins }) {
    const { origin } = new URL(redirectUri)
    if (!trustedOrigins.includes(origin)) {
      yield {
        path: ['client', 'redirectUri'],
        message: `is a page of ${origin}, which could not end the login because it is not trusted; add that origin to trustedOrigins, or correct the URI`,
      }
    }
  },
}

/** Where the endpoints that every sign-in needs are given, no metadata is read that names others. */
export const endpointsAreKnown: Rule = {
  about: ['authorizationServer', 'client', 'introspection'],
  *mistakes({ authorizationServer, client, introspection }) {
    const { authorizationEndpoint, tokenEndpoint, jwksUri } = authorizationServer
    const needsKeys = needsSigningKeys(client)
    if (!authorizationEndpoint || !tokenEndpoint || (needsKeys && !jwksUri)) return
    const needs = [
      ['introspectionEndpoint', introspection.enabled, 'introspection.enabled'],
      [
        'pushedAuthorizationRequestEndpoint',
        client.pushedAuthorizationRequests,
        'client.pushedAuthorizationRequests',
      ],
    ] as const
    for (const [endpoint, isNeeded, setting] of needs) {
      if (!isNeeded || authorizationServer[endpoint] !== undefined) continue
      yield {
        path: ['authorizationServer', endpoint],
        message: `is missing; set it: ${setting} needs it, and where authorizationEndpoint, tokenEndpoint and, for ID tokens, jwksUri are set, no metadata is read`,
      }
    }
  },
}

/** Pages are known by their origin, so each may have one redirect URI, and only trusted ones have any. */
export const originsHaveOneRedirectUri: Rule = {
  about: ['client', 'trustedOrigins'],
  *mistakes({ client, trustedOrigins }) {
    const { postLogoutRedirectUri, redirectUri } = client
    const lists = [
      ['redirectUris', redirectUri],
      ['postLogoutRedirectUris', postLogoutRedirectUri],
    ] as const
    for (const [setting, first] of lists) {
      const seen = new Set(first === undefined ? [] : [new URL(first).origin])
      for (const [index, uri] of client[setting].entries()) {
        const { origin } = new URL(uri)
        const path = ['client', setting, index]
        if (seen.has(origin)) {
          yield { path, message: `is of ${origin}, which has one already; remove one of them` }
        }
        if (!trustedOrigins.includes(origin)) {
          yield {
            path,
            message: `is a page of ${origin}, which is not trusted; add that origin to trustedOrigins, or correct the URI`,
          }
        }
        seen.add(origin)
      }
    }
  },
}

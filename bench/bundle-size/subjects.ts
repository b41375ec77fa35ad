// What is weighed: this SDK whole, and each peer in the program that does the same work.

/** One bundle. */
export interface Subject {
  readonly name: string
  /** npm packages and their ranges, besides React, which every app has anyway. */
  readonly packages: Readonly<Record<string, string>>
  readonly code: string
}

/**
 * Everything an entry of the production build exports, used or not.
 *
 * @param root - the repository, built
 */
export function ownSubjects(root: string): readonly Subject[] {
  const all = (...files: readonly string[]) =>
    files.map((file) => `export * from '${root}/packages/${file}'`).join('\n')
  const client = 'client/dist/index.js'
  return [
    { name: '`@token-handler/client`', packages: {}, code: all(client) },
    {
      name: '… + `@token-handler/react`',
      packages: {},
      code: all(client, 'react/dist/index.js'),
    },
    {
      name: '… + `@token-handler/client/ky`, with ky',
      packages: {},
      code: all(client, 'client/dist/ky.js'),
    },
  ]
}

// Each one: who is signed in, sign in, sign out, and call an API as the user with a token kept fresh.
export const peerSubjects: readonly Subject[] = [
  {
    name: '`keycloak-js`',
    packages: { 'keycloak-js': '*' },
    code: `import Keycloak from 'keycloak-js'
      export const keycloak = new Keycloak({ url: 'https://i.example', realm: 'r', clientId: 'spa' })
      export const load = () => keycloak.init({ onLoad: 'check-sso', pkceMethod: 'S256' })
      export const login = () => keycloak.login()
      export const logout = () => keycloak.logout()
      export async function call(url) {
        await keycloak.updateToken(30)
        return fetch(url, { headers: { authorization: 'Bearer ' + keycloak.token } })
      }`,
  },
  {
    name: '`next-auth/react`',
    packages: { 'next-auth': '*' },
    code: `export { SessionProvider, getSession, signIn, signOut, useSession } from 'next-auth/react'`,
  },
  {
    name: '`better-auth/react`',
    packages: { 'better-auth': '*' },
    code: `import { createAuthClient } from 'better-auth/react'
      export const { getSession, signIn, signOut, useSession } = createAuthClient()`,
  },
  {
    name: '`oidc-client-ts` + `react-oidc-context`',
    packages: { 'oidc-client-ts': '*', 'react-oidc-context': '*' },
    code: `export { AuthProvider, useAuth } from 'react-oidc-context'
      import { UserManager } from 'oidc-client-ts'
      export const users = new UserManager({ authority: 'https://i.example', client_id: 'spa', redirect_uri: '/' })
      export async function call(url) {
        const user = await users.getUser()
        return fetch(url, { headers: { authorization: 'Bearer ' + user.access_token } })
      }`,
  },
  {
    name: '`@axa-fr/oidc-client`',
    packages: { '@axa-fr/oidc-client': '*' },
    code: `import { OidcClient } from '@axa-fr/oidc-client'
      export const client = OidcClient.getOrCreate(() => fetch)({ client_id: 'spa', redirect_uri: '/', scope: 'openid', authority: 'https://i.example' })
      export const load = () => client.tryKeepExistingSessionAsync()
      export const login = () => client.loginAsync('/')
      export const callback = () => client.loginCallbackAsync()
      export const logout = () => client.logoutAsync()
      export const call = client.fetchWithTokens(fetch)`,
  },
  {
    name: '`oidc-spa`',
    packages: { 'oidc-spa': '*' },
    code: `import { createOidc } from 'oidc-spa/core'
      export async function start() {
        const oidc = await createOidc({ issuerUri: 'https://i.example', clientId: 'spa' })
        if (!oidc.isUserLoggedIn) return oidc.login({ doesCurrentHrefRequiresAuth: false })
        const { accessToken } = await oidc.getTokens()
        await fetch('/api', { headers: { authorization: 'Bearer ' + accessToken } })
        return oidc.logout({ redirectTo: 'home' })
      }`,
  },
  {
    name: '`@auth0/auth0-spa-js`',
    // 2.28 asks for a dependency that is not published yet.
    packages: { '@auth0/auth0-spa-js': '<2.28' },
    code: `import { createAuth0Client } from '@auth0/auth0-spa-js'
      export async function start() {
        const client = await createAuth0Client({ domain: 'i.example', clientId: 'spa', useRefreshTokens: true })
        if (location.search.includes('code=')) await client.handleRedirectCallback()
        if (!(await client.isAuthenticated())) return client.loginWithRedirect()
        const token = await client.getTokenSilently()
        await fetch('/api', { headers: { authorization: 'Bearer ' + token } })
        return client.logout()
      }`,
  },
]

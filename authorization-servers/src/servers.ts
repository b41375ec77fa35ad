// Every authorization server that the tests start, in the order of the table.
import type { ServerKind } from './server-kind.ts'
import { betterAuthServer } from './servers/better-auth.ts'
import { djangoOAuthToolkit } from './servers/django-oauth-toolkit.ts'
import { doorkeeper } from './servers/doorkeeper.ts'
import { glewlwyd } from './servers/glewlwyd.ts'
import { lemonLdap } from './servers/lemonldap-ng.ts'
import { oauth2MockServer } from './servers/oauth2-mock-server.ts'
import { oidcProvider } from './servers/oidc-provider.ts'

/** All of them. */
export const servers: readonly ServerKind[] = [
  oidcProvider,
  betterAuthServer,
  doorkeeper,
  djangoOAuthToolkit,
  lemonLdap,
  glewlwyd,
  oauth2MockServer,
]

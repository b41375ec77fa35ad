// The handler before oidc-provider.
import { oidcProvider } from '../src/servers/oidc-provider.ts'
import { testServer } from '../src/test-server.ts'

testServer(oidcProvider)

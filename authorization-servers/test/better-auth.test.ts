// The handler before better-auth.
import { betterAuthServer } from '../src/servers/better-auth.ts'
import { testServer } from '../src/test-server.ts'

testServer(betterAuthServer)

// The handler before oauth2-mock-server.
import { oauth2MockServer } from '../src/servers/oauth2-mock-server.ts'
import { testServer } from '../src/test-server.ts'

testServer(oauth2MockServer)

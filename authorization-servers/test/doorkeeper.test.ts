// The handler before Doorkeeper.
import { doorkeeper } from '../src/servers/doorkeeper.ts'
import { testServer } from '../src/test-server.ts'

testServer(doorkeeper)

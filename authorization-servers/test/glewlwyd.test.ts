// The handler before Glewlwyd.
import { glewlwyd } from '../src/servers/glewlwyd.ts'
import { testServer } from '../src/test-server.ts'

testServer(glewlwyd)

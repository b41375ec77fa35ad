// The handler before LemonLDAP::NG.
import { lemonLdap } from '../src/servers/lemonldap-ng.ts'
import { testServer } from '../src/test-server.ts'

testServer(lemonLdap)

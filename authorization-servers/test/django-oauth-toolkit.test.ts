// The handler before django-oauth-toolkit.
import { djangoOAuthToolkit } from '../src/servers/django-oauth-toolkit.ts'
import { testServer } from '../src/test-server.ts'

testServer(djangoOAuthToolkit)

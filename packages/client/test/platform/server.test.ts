// The browser platform where there is no browser: on a server that renders.
import { expect, it } from 'vitest'
import { createTokenHandlerClient } from '../../src/index.ts'

it('a module that creates a client can be imported on a server, and says "loading" there', () => {
  const client = createTokenHandlerClient({ agentUrl: '/oauth-agent', apiUrls: ['/api'] })
  expect(client.getSnapshot()).toEqual({ status: 'loading' })
})

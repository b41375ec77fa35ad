import { createTokenHandlerClient } from '@token-handler/client'

export const tokenHandler = createTokenHandlerClient({
  agentUrl: '/oauth-agent',
  apiUrls: ['/api/'],
  callbackPath: '/callback',
})

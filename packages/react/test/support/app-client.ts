// A module of an app under test: it makes the client when it is evaluated.
import { createTokenHandlerClient } from '@token-handler/client'

export const tokenHandler = createTokenHandlerClient({
  agentUrl: 'https://api.example.com/oauth-agent',
  apiUrls: ['https://api.example.com/api/'],
  callbackPath: '/callback',
})

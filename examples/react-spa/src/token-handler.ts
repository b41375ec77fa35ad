// The client of the token handler, with this app's claims.
import { createTokenHandlerClient } from '@token-handler/client'
import type { Platform, TokenHandlerClient } from '@token-handler/client'
import * as z from 'zod/mini'
import { agentUrl, apiUrl } from './settings.ts'

const claims = z.object({
  sub: z.string(),
  name: z.string(),
  email: z.optional(z.string()),
})

/** What the ID token says about the user. */
export type AppClaims = z.infer<typeof claims>

export type AppClient = TokenHandlerClient<AppClaims>

/** Creates the client; a test says where the browser ends. */
export function createTokenHandler(platform?: Partial<Platform>): AppClient {
  return createTokenHandlerClient({
    agentUrl,
    apiUrls: [apiUrl],
    claims,
    callbackPath: '/callback',
    ...(platform && { platform }),
  })
}

declare module '@token-handler/react' {
  interface Register {
    client: AppClient
  }
}

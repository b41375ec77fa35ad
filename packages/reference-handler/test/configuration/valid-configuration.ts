// A configuration without a mistake, for tests to break in one place.
import type { ConfigurationInput } from '../../src/configuration/schema.ts'

/** Only what has to be set. */
export const validInput = {
  authorizationServer: { issuer: 'https://login.idp.example' },
  client: {
    id: 'spa',
    secret: 'a secret of the client',
    redirectUri: 'https://www.app.example/callback',
  },
  cookies: { secrets: ['0123456789abcdef0123456789abcdef'] },
  trustedOrigins: ['https://www.app.example'],
} satisfies ConfigurationInput

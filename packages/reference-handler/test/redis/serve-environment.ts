// Settings with which `serve` starts without asking anybody.

/** All but the store. */
export const environment = {
  TOKEN_HANDLER_ISSUER: 'https://login.example.com',
  TOKEN_HANDLER_AUTHORIZATION_ENDPOINT: 'https://login.example.com/auth',
  TOKEN_HANDLER_TOKEN_ENDPOINT: 'https://login.example.com/token',
  TOKEN_HANDLER_JWKS_URI: 'https://login.example.com/jwks',
  TOKEN_HANDLER_CLIENT_ID: 'spa',
  TOKEN_HANDLER_CLIENT_SECRET: 'the client secret of this test',
  TOKEN_HANDLER_REDIRECT_URI: 'https://www.example.com/callback',
  TOKEN_HANDLER_TRUSTED_ORIGINS: 'https://www.example.com',
  TOKEN_HANDLER_COOKIE_SECRETS: 'a cookie secret with enough randomness',
}

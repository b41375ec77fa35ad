// Profile `token-handler-1`, the server's half: results and errors become JSON bodies.
import type { Operation } from '../endpoints.ts'
import type { OperationResults, SessionResult } from '../results.ts'
import type {
  ErrorResponse,
  LogoutResponse,
  RefreshResponse,
  SessionResponse,
  StartLoginResponse,
} from '../schemas.ts'
import type { ServerProfile } from './profile.ts'

const encodeSession = (result: SessionResult): SessionResponse => ({
  is_logged_in: result.isLoggedIn,
  id_token_claims: result.claims,
  access_token_expires_in: result.accessTokenExpiresIn,
  session_expires_in: result.sessionExpiresIn,
  is_device_bound: result.isDeviceBound,
})

const encoders: {
  readonly [O in Operation]: (result: OperationResults[O]) => Record<string, unknown>
} = {
  session: encodeSession,
  startLogin: (result): StartLoginResponse => ({
    authorization_url: result.authorizationUrl,
    state: result.state,
  }),
  endLogin: encodeSession,
  refresh: (result): RefreshResponse => ({ access_token_expires_in: result.accessTokenExpiresIn }),
  logout: (result): LogoutResponse => ({ logout_url: result.logoutUrl }),
}

/** The default wire profile, for handlers and mocks. Members that are `undefined` vanish in JSON. */
export const tokenHandler1Server: ServerProfile = {
  name: 'token-handler-1',
  encodeResult: (operation, result) => encoders[operation](result),
  encodeError: (error): ErrorResponse => ({
    error_code: error.code,
    detailed_error: error.details,
  }),
}

// What the handler does wrong at several servers. A step that passes fails its test: then its fault goes away here.
import type { Fault } from './server-kind.ts'

/** Glewlwyd, LemonLDAP::NG, Doorkeeper and oauth2-mock-server compare Basic credentials as they came. */
export const overEncodedCredentials: Fault = {
  reason:
    'the handler escapes "-", "_" and "." in Basic credentials, and this server decodes nothing',
  seen: /expected '(400 authorization_error|502 authorization_server_error)' to be '200'/,
}

/** Only this server's answer has the header, and RFC 6749 section 5.2 makes the body decide. */
export const hiddenInvalidGrant: Fault = {
  reason: 'a WWW-Authenticate header hides the invalid_grant of the body',
  seen: /expected '400 authorization_error' to be '401 session_expired/,
}

/** Whatever the body says, the status tells that the server refused the refresh token. */
export const silentRefusal: Fault = {
  reason: 'a refusal with 400 and an empty body is a 502',
  seen: /expected '502 authorization_server_error' to be '401 session_expired/,
}

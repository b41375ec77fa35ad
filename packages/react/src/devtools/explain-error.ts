// What every error code means, and what a developer can do about it.
import type { TokenHandlerError, TokenHandlerErrorCode } from '@token-handler/client'

/** Meaning and advice, by code. */
const advice: Readonly<Record<TokenHandlerErrorCode, string>> = {
  session_expired: 'The session is over. Show a way to sign in, or call login().',
  refresh_unavailable:
    'The access token could not be refreshed just now; the session is kept. Trying again later may do.',
  agent_unreachable:
    'No usable answer from the OAuth Agent. Is it running, is agentUrl right, and does it trust this origin (CORS)?',
  agent_configuration:
    'The OAuth Agent refused the request. Compare its configuration with this app’s options: trusted origins, allowed parameters, redirect URI.',
  contract_violation:
    'An answer, or the claims, are not what the profile or the claims schema says. The message names what is wrong.',
  login_failed: 'The sign-in did not end with a session: cancelled, too late, or refused.',
  login_loop: 'Sign-ins were started again and again without a session in between.',
  navigation_stopped:
    'The page has not left for the sign-in: the user stopped it, or has come back. Call login() again.',
  not_top_level:
    'A sign-in needs a page in a tab of its own. From a frame or a worker, let the page that holds it sign in.',
  client_disposed:
    'This client was disposed, by a test or a hot reload for instance. Create another one.',
  cookies_not_stored:
    'The sign-in succeeded, but the browser does not send the cookies. Do app and agent share a parent domain and the scheme https?',
  request_not_replayed:
    'The token was refreshed, but a streamed body can be sent only once. Send the request again; ensureFresh() before it avoids this.',
  step_up_required:
    'The API wants a fresher or stronger sign-in: call login() with max_age or acr_values.',
}

const inTrouble =
  'The OAuth Agent, or what stands in front of it, answered, so agentUrl and CORS are fine: it has trouble itself. Its log says more.'

/** What an error means, by its code and by what was seen. */
export function explainError({ code, status }: TokenHandlerError): string {
  return code === 'agent_unreachable' && status !== undefined ? inTrouble : advice[code]
}

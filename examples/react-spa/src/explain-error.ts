// What went wrong, in the words of the people who drink the coffee.
import { isTokenHandlerError } from '@token-handler/client'
import type { TokenHandlerErrorCode } from '@token-handler/client'

/** A title and one sentence of advice. */
export interface Explanation {
  readonly title: string
  readonly advice: string
}

const unreachable: Explanation = {
  title: 'We cannot reach the sign-in service',
  advice: 'Nothing is lost. Try again in a moment.',
}

const signInAgain: Explanation = {
  title: 'Please sign in again',
  advice: 'Your session has ended.',
}

const ourMistake: Explanation = {
  title: 'Something is wrong on our side',
  advice: 'Signing in does not work at the moment. We have to mend it; please come back later.',
}

const explanations: Readonly<Record<TokenHandlerErrorCode, Explanation>> = {
  agent_unreachable: unreachable,
  refresh_unavailable: unreachable,
  session_expired: signInAgain,
  client_disposed: unreachable,
  navigation_stopped: {
    title: 'You are not signed in yet',
    advice: 'The sign-in was stopped. You can start it again.',
  },
  not_top_level: {
    title: 'Signing in does not work here',
    advice: 'Open this site in a tab of its own, and sign in there.',
  },
  agent_configuration: ourMistake,
  contract_violation: ourMistake,
  login_failed: {
    title: 'You are not signed in yet',
    advice: 'The sign-in was cancelled, or it took too long. You can start it again.',
  },
  login_loop: {
    title: 'The sign-in does not come to an end',
    advice: 'Close this tab, open the site again, and tell us if it happens once more.',
  },
  cookies_not_stored: {
    title: 'Your browser did not keep the sign-in',
    advice: 'Allow cookies for this site, then sign in again.',
  },
  step_up_required: {
    title: 'Please confirm that it is you',
    advice: 'This needs a sign-in from just now.',
  },
  request_not_replayed: {
    title: 'That was not sent',
    advice: 'Please send it once more.',
  },
}

const apiFailure: Explanation = {
  title: 'We cannot reach your orders',
  advice: 'Our order desk does not answer just now. Your orders are safe; try again in a moment.',
}

/** Explains any failure of the session or of the orders API. */
export const explainError = (error: unknown): Explanation =>
  isTokenHandlerError(error) ? explanations[error.code] : apiFailure

// Rules about device binding: what it needs of other settings.
import type { Rule } from './rule.ts'

/** Seconds that a browser waits for the answer to a registration, after which a refresh cannot be overtaken by it. */
const REGISTRATION_PATIENCE = 20

export const deviceBindingCanWork: Rule = {
  about: ['cookies', 'deviceBinding', 'refresh'],
  *mistakes({ cookies, deviceBinding, refresh }) {
    if (deviceBinding.mode === 'off') return
    if (!cookies.secure) {
      yield {
        path: ['deviceBinding', 'mode'],
        message:
          'needs secure cookies, because browsers bind sessions over https alone; set cookies.secure, or switch it off',
      }
    }
    if (refresh.freshFor < 1) {
      yield {
        path: ['refresh', 'freshFor'],
        message:
          'leaves no time to bind a session in; set it to 5, or switch deviceBinding.mode off',
      }
    }
    if (refresh.resultsKeptFor < REGISTRATION_PATIENCE) {
      yield {
        path: ['refresh', 'resultsKeptFor'],
        message: `is shorter than a browser waits for an answer that binds the session; set it to ${REGISTRATION_PATIENCE} at least, or switch deviceBinding.mode off`,
      }
    }
  },
}

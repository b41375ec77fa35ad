// Signing in by a command of the operator.
import { CannotRunError } from './cannot-run.ts'
import { runShell } from './shell.ts'
import { isCallback } from './sign-in.ts'
import type { SignIn } from './sign-in.ts'

const OPTION = '--callback-command'

/**
 * Creates the way to sign in by a shell command. The authorization URL reaches it in the environment,
 * where no shell reads it.
 *
 * @param origin - of the SPA
 */
export function createCommandSignIn(command: string, origin: string): SignIn {
  return {
    authenticate: async (authorizationUrl, user) => {
      const environment = { AUTHORIZATION_URL: authorizationUrl, SIGN_IN_USER: user }
      const output = await runShell(OPTION, command, environment)
      const callback = output.trim().split('\n').at(-1)?.trim() ?? ''
      if (isCallback(callback, origin)) return callback
      throw new CannotRunError(
        `${OPTION} has to print the URL that the authorization server redirects to, with code and state, as its last line: a page of ${origin}.`,
      )
    },
    close: async () => {},
  }
}

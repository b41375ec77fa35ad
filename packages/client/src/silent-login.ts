// The entry `./silent-login`: signs in without interaction (`prompt=none`) if the authorization server still has a session.
import { isTokenHandlerError } from './errors.ts'
import { createBrowserPlatform } from './platform/browser.ts'
import type { Platform } from './platform/platform.ts'
import { reporting } from './session/reporting.ts'
import type { LoginOptions, TokenHandlerClient } from './token-handler-client.ts'

/** Starts a silent sign-in, or does nothing; see {@link createSilentLogin}. */
export type LoginSilently = (options?: LoginOptions) => Promise<void>

const KEY = 'token-handler:silentLogin'
// So long no other tab tries either. Milliseconds.
const COOLDOWN = 300_000

/**
 * Makes a function that signs the user in if the authorization server still knows them, and shows them
 * nothing: it goes there with `prompt=none`, and comes back. Make it once, beside the client; it has
 * to see the sign-outs.
 *
 * The function does nothing, and resolves, while a user is signed in or the session is not known yet; after the
 * user has signed out, or a sign-in has failed; when it was tried before in this tab; when another
 * tab of this origin has tried within five minutes; and where the browser keeps no storage, so that nothing would say
 * that it was tried. On a page that is only prerendered it waits. Otherwise it is as `login`, but resolves when the
 * page stays because the navigation was stopped. If the user has to be asked after all, the session is
 * `unauthenticated` with reason `login-required` on the page after it. A failure that the event `error` has told of is no
 * unhandled rejection where nothing awaits the promise.
 *
 * @param platform - parts of the outside world to replace, in tests. Default: the browser's
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest OpenID Connect Core section 3.1.2.1}
 *
 * @example
 * const loginSilently = createSilentLogin(tokenHandler)
 * await tokenHandler.load()
 * await loginSilently()
 */
export function createSilentLogin<C>(
  tokenHandler: Pick<TokenHandlerClient<C>, 'getSnapshot' | 'login' | 'on'>,
  platform?: Pick<Platform, 'localStorage' | 'now' | 'sessionStorage'> &
    Partial<Pick<Platform, 'whenActivated'>>,
): LoginSilently {
  const { localStorage, now, sessionStorage, whenActivated } = platform ?? createBrowserPlatform()

  function wasTried(): boolean {
    const age = now() - Number(localStorage.get(KEY))
    return sessionStorage.get(KEY) !== undefined || (age >= 0 && age < COOLDOWN)
  }

  function markTried(): void {
    sessionStorage.set(KEY, 'tried')
    localStorage.set(KEY, String(now()))
  }

  function forgetTry(): void {
    sessionStorage.remove(KEY)
    localStorage.remove(KEY)
  }

  // A user who signs out does not want to be signed in by the next page.
  tokenHandler.on('signedOut', markTried)

  async function start(options: LoginOptions | undefined): Promise<void> {
    const activation = whenActivated?.()
    if (activation) await activation
    const session = tokenHandler.getSnapshot()
    if (session.status !== 'unauthenticated') return
    const { reason } = session
    if ((reason !== 'none' && reason !== 'expired') || wasTried()) return
    markTried()
    // Storage that keeps nothing: the page that the browser comes back to would leave again, and again.
    if (!wasTried()) return
    const parameters = { ...options?.parameters, prompt: 'none' }
    try {
      await tokenHandler.login({ ...options, parameters })
    } catch (error) {
      if (!isTokenHandlerError(error)) throw error
      // The page stays, and shows what it shows to visitors.
      if (error.code === 'navigation_stopped') return
      // A frame: the page around it may try, and so may other tabs.
      if (error.code === 'not_top_level') forgetTry()
      throw error
    }
  }

  // `login` has emitted `error` for a failure.
  return (options) => reporting(start(options), () => {})
}

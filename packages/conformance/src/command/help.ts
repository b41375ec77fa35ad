// What `token-handler conformance --help` says.
import { formats, statedCapabilities } from './options.ts'

/** The text of `conformance --help`. */
export const conformanceHelp = `Usage: token-handler conformance <agent URL> --origin <SPA origin> [options]

Checks a running OAuth Agent, and the OAuth Proxy in front of an API, against the protocol. Cases that
need more than is given are skipped, each with its reason.

  --origin <origin>             the SPA's origin, which the agent trusts
  --api <url>                   a resource behind the proxy that answers 200 to a signed-in GET
  --stream <url>                a resource behind the proxy that answers with server-sent events

Signing in; without either, cases that need a user are skipped:
  --callback-command <command>  a shell command that signs a user in. It finds the authorization URL in
                                the environment variable AUTHORIZATION_URL and prints the URL that the
                                authorization server redirects to, as its last line
  --chromium <path>             a Chrome or Chromium to sign in with (needs the package playwright-core).
                                A window opens and you sign in by hand, once
  --sign-in <module>            signs in instead of you, in a browser without a window: a JavaScript module
                                that exports signIn(page, { user }), page being Playwright's
  --second-user                 command or module can sign in another user too: SIGN_IN_USER, or user,
                                is "first" or "second"

What else can be done to the deployment:
  --expire-command <command>       makes the API refuse every access token issued so far
  --end-session-command <command>  ends every session at the authorization server
  --capability <name>              ${statedCapabilities.join(', ')}; can be repeated

  --case <id>                   runs this case alone; can be repeated
  --format <format>             ${formats.join(', ')}; default ${formats[0]}
  --yes                         does not ask before it signs in and out
  --help                        shows this text

Exit code: 0 when no case failed, 1 when one did, 2 when the suite could not be run.
`

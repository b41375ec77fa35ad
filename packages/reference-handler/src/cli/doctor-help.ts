// What `token-handler doctor --help` says.

/** The text of `doctor --help`; its first paragraph is the usage. */
export const doctorHelp = `Usage: token-handler doctor [--config <file>] [options]
       token-handler doctor <agent URL> --origin <SPA origin> [options]

Without a URL, from the inside: run it where the handler runs, with its configuration file and environment
variables. It looks at the authorization server's metadata, the clock, the client's credentials (with a made-up
code), the redirect URI and every upstream.

With a URL, from outside: run it anywhere. It looks at site and scheme, path, CORS and preflights, cookies, what
gateways strip or add, caches, limits of headers, and whether all instances share their cookie secrets.

Both change nothing. Each thing that is wrong is printed with its cause, its mend and the URL of its page.

  --config <file>               JSON file with the configuration; together with a URL, both are examined
  --origin <origin>             the SPA's origin, as the address bar shows it
  --issuer <issuer>             the authorization server's issuer, when it cannot be found from outside
  --api <url>                   a URL behind the proxy, to see whether it has a route
  --callback-command <command>  from the inside: signs a user in too, and measures the cookies. The command finds
                                the authorization URL in the environment variable AUTHORIZATION_URL and prints the
                                URL that the authorization server leads back to, as its last line
  --json                        prints JSON
  --help                        shows this text

Exit code: 0 when nothing is wrong, 1 when something is, 2 when it could not be examined.
`

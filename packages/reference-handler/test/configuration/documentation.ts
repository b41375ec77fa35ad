// The text of docs/configuration.md, made from the schema and the table of settings.
import { variables } from '../../src/configuration/environment-variables.ts'
import type { Variable } from '../../src/configuration/environment-variables.ts'
import { routeSchema } from '../../src/configuration/route-schema.ts'
import { describeSetting, routeSettings } from '../../src/configuration/settings.ts'

const code = (text: string) => `\`${text}\``

function textOf(value: unknown): string {
  if (Array.isArray(value) && value.length === 0) return 'none'
  return code(Array.isArray(value) ? value.join(',') : String(value))
}

/** A Markdown table, aligned. */
function table(rows: readonly (readonly string[])[]): string {
  const [head = []] = rows
  const widths = head.map((_cell, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  const line = (cells: readonly string[], fill = ' ') =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0, fill)).join(' | ')} |`
  const [first = '', ...rest] = rows.map((row) => line(row))
  return [
    first,
    line(
      head.map(() => ''),
      '-',
    ),
    ...rest,
  ].join('\n')
}

function describe({ path, name, secret, defaultValue, isRequired }: Variable) {
  const variable = secret ? `${code(name)}, ${code(`${name}_FILE`)}` : code(name)
  const fallback = defaultValue === undefined ? '' : textOf(defaultValue)
  return [
    code(path.join('.')),
    variable,
    isRequired ? '**required**' : fallback,
    describeSetting(path),
  ]
}

function describeRoute([name, description]: readonly [string, string]): readonly string[] {
  const { success, data } = routeSchema.safeParse({ path: '/api', upstream: 'http://api.example' })
  const value = success ? Object.entries(data).find(([key]) => key === name)?.[1] : undefined
  const isRequired = name === 'path' || name === 'upstream'
  const fallback = value === undefined ? '' : textOf(value)
  return [code(name), isRequired ? '**required**' : fallback, description]
}

/** The whole document. */
export const renderConfigurationDocument = (): string => `# Configuration

<!-- Made by packages/reference-handler/test/configuration/documentation.test.ts; do not edit.
     npx pnpm@12 exec vitest run --project reference-handler test/configuration/documentation -u -->

\`token-handler serve\` reads a JSON file, then environment variables, then its command line; what comes
later wins. All mistakes are reported together, each with its fix; values are never printed. Before the server
listens, it signs with the private keys of its client, if there are any, reads its certificates, and does not start when that
fails.

\`\`\`sh
token-handler serve --config handler.json --port 8080
\`\`\`

\`\`\`json
{
  "authorizationServer": { "issuer": "https://login.example.com" },
  "client": { "id": "spa", "redirectUri": "https://www.example.com/callback" },
  "trustedOrigins": ["https://www.example.com"],
  "routes": [{ "path": "/api", "upstream": "http://orders.internal:8080" }]
}
\`\`\`

A server of several SPAs has its settings per tenant, in the file: \`{ "server": …, "tenants": [ … ] }\`. A
tenant has the settings below without \`server\`, and its \`host\`, its \`path\` or both. Environment variables
then set \`server.*\` and nothing else, so the secrets stand in the file; see
[several tenants](security.md#several-tenants).

## Settings

${table([['Setting', 'Environment variable', 'Default', 'What it is'], ...variables.map(describe)])}

Lists are separated by commas, in files of secrets also by line breaks. \`TOKEN_HANDLER_ROUTES\` takes
\`path=upstream\` pairs separated by commas, or a JSON list of routes.

Every URL of the authorization server has to be https, or http on a loopback name. \`plainHttpHosts\` lets the handler call an
authorization server of its private network over plain http; where browsers are sent stays https. Bound access tokens, client
certificates and \`profile\` have [a guide](fapi.md). With
\`authorizationEndpoint\`, \`tokenEndpoint\` and, where the scope has \`openid\`, \`jwksUri\` set, no metadata is read, and there is no default
that comes from it: set \`endSessionEndpoint\` and \`revocationEndpoint\` too, or a sign-out ends nothing at the
authorization server. \`iss\` in an authorization response is then compared, but not required.

\`cookies.maxBytes\` covers the proxy cookie and the session cookie. Sign-ins under way have login cookies on
top: five at most, of about 370 bytes each.

A session ends with its refresh token where the token response has \`refresh_token_expires_in\`,
\`refresh_expires_in\`, \`refresh_token_timeout\` or \`authorization_expires_in\` (the smallest counts), and after
\`session.lifetime\` where that comes first.

\`authorizationServer.timeout\` is what a request of the page waits for. A refresh goes on for as long again: its answer
is kept for \`refresh.resultsKeptFor\`, so that the next refresh gets it, and a rotated refresh token is not lost.

The handler reaches the authorization server through the proxy that \`HTTPS_PROXY\` or \`HTTP_PROXY\` names, unless
\`NO_PROXY\` lists the host; requests to loopback names and to upstreams never go there. Node's
\`NODE_EXTRA_CA_CERTS\` names the certificates of an authorization server that has its own certificate authority.

\`client.extraParameters\` is an object in the file and a form in the variable. A parameter that the SPA may send
(\`client.authorizationParameters\`) replaces the one of the same name; with \`prompt=consent\`, \`prompt\` can be taken
off that list, and silent sign-ins go with it.

### Routes

${table([['Member', 'Default', 'What it is'], ...Object.entries(routeSettings).map(describeRoute)])}

## Secrets

Secrets need not be in the environment: a variable whose name ends in \`_FILE\` names a file that holds the
value, such as one that an orchestrator mounts.

Cookie secrets change without a restart and without signing anyone out. Put the new one in front of the old
ones, in the file of \`TOKEN_HANDLER_COOKIE_SECRETS_FILE\` or of \`--config\`; remove the old one when the
sessions it sealed are over. The file is read again on \`SIGHUP\`, and every 30 seconds. What cannot be read
leaves the secrets as they are, and a warning in the log. With several instances, first let all of them open
the new secret (put it last), and then put it in front.

## Gateways that open cookies

A gateway that opens proxy cookies itself, such as [nginx](nginx.md), gets derived keys and never the secrets:

\`\`\`sh
token-handler keys --config handler.json --out token-handler-keys.json
token-handler gateway --config handler.json --out token-handler.json
\`\`\`

\`keys\` prints, for each tenant and secret, newest first, \`kid\` and \`key\` (32 bytes for AES-256-GCM, base64url) of
proxy cookies, and nothing else: no secret, and no key of session or login cookies. \`gateway\` prints routes, origins and
the cookie prefix. Environment variables count as for \`serve\`. With \`--out\` a file is written, whole or not at all,
that only its owner can read.

## Behind another proxy

The client's address and protocol are those of the connection. Where a load balancer or ingress stands in
front, name its addresses in \`server.trustedProxies\`: then the last address of \`X-Forwarded-For\` that is no
trusted proxy, and the last \`X-Forwarded-Proto\`, count instead. Upstreams get exactly this one address, and
rate limits count by it. \`Host\` has to arrive as the browser sent it.

## Health and the end

\`/health\` answers 200 as long as the process lives, \`/ready\` when the metadata of every authorization server
is at hand, else 503. With a store it says \`"store": "unavailable"\` while that is away, and is 503 then only where
\`session.store\` is \`redis\`; [what to ask them for](deployment.md#in-containers-on-kubernetes). \`SIGTERM\` and \`SIGINT\`
end listening at once, let open requests finish within \`server.drainFor\` seconds, answer 503 to what has no
answer by then, cut off what has begun but does not end, such as event streams, and close WebSockets with code 1001. A
second signal ends the process at once, without answers; [why that matters](gateways.md#who-sends-a-request-again).

## Metrics

With \`server.metricsPort\`, \`/metrics\` on that port of \`server.host\` serves, in the text format of Prometheus:

- \`token_handler_request_duration_seconds\`, a histogram by \`part\` (\`agent\` or \`proxy\`), \`operation\` of the agent,
  and \`status\` (\`lost\` when the connection ended before the answer). Malformed targets and paths of nobody count for the
  proxy; requests for \`/health\` and \`/ready\` are not counted
- \`token_handler_store_duration_seconds\`, a histogram by \`operation\` and \`outcome\` (\`ok\` or \`failed\`), with
  [a store](redis.md)
- \`token_handler_device_binding_total\`, a counter by \`event\`, for [device binding](device-binding.md)
- \`token_handler_connections\`, the open ones
- \`process_cpu_seconds_total\`, \`process_resident_memory_bytes\`, \`nodejs_heap_size_used_bytes\`,
  \`nodejs_eventloop_lag_p99_seconds\`

No label holds a path, an address or anything else that clients choose.
`

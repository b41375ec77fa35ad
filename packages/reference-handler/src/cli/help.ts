// What `token-handler --help` says.
import { variables } from '../configuration/environment-variables.ts'
import type { Variable } from '../configuration/environment-variables.ts'
import { describeSetting } from '../configuration/settings.ts'

const nameOf = ({ name, secret }: Variable) => (secret ? `${name}, ${name}_FILE` : name)

const explain = ({ path, defaultValue }: Variable) =>
  describeSetting(path) + (defaultValue === undefined ? '' : `; default ${textOf(defaultValue)}`)

const textOf = (value: unknown) =>
  (Array.isArray(value) ? value.join(',') : String(value)) || 'none'

/** The text of `--help`: usage, options, and every environment variable. */
export const help = `Usage: token-handler serve [options]
       token-handler end-sessions <sub> [--config <file>]
       token-handler keys|gateway|worker [options]
       token-handler headers
       token-handler doctor [--config <file>] [options]
       token-handler doctor <agent URL> --origin <SPA origin> [options]
       token-handler conformance <agent URL> --origin <SPA origin> [options]

"serve" starts the OAuth Agent and the OAuth Proxy on one server. "end-sessions" ends all sessions of the user with
this sub claim, on all servers that share a store. "keys" prints, as JSON, the derived keys with
which a gateway opens proxy cookies, and "gateway" its settings; no secret is in either. "worker" checks the configuration of a
worker before it is deployed, and prints what goes into its bundle: everything but the secrets. "worker" reads the
file alone, no environment variables. "headers" prints the request headers that no client may send to an API, for
gateways that remove them. "doctor" names what is wrong with a deployment, from the inside or from outside; see
token-handler doctor --help. "conformance" checks a running agent against the protocol; see token-handler conformance
--help.

Options of serve:
  --config <file>  JSON file with the configuration
  --port <port>    port to listen on; wins over file and environment
  --help           shows this text
  --version        shows the version

Options of keys, gateway and worker:
  --config <file>  JSON file with the configuration
  --out <file>     writes the file, for its owner alone, instead of printing

Environment variables, which win over the file:
${variables.map((variable) => `  ${nameOf(variable)}\n      ${explain(variable)}`).join('\n')}

Lists are separated by commas. Routes are path=upstream pairs separated by commas, or a JSON list of
{ "path", "upstream", "methods", "audience", "eventSource", "webSocket", "timeout" }. A variable that
ends in _FILE names a file that holds the value.
`

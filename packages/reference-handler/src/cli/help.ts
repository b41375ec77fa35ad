// What `token-handler --help` says.
import { variables } from '../configuration/environment-variables.ts'

const nameOf = ({ name, secret }: (typeof variables)[number]) =>
  secret ? `${name}, ${name}_FILE` : name

/** The text of `--help`: usage, options, and every environment variable. */
export const help = `Usage: token-handler serve [options]

Starts the OAuth Agent and the OAuth Proxy on one server.

Options:
  --config <file>  JSON file with the configuration
  --port <port>    port to listen on; wins over file and environment
  --help           shows this text
  --version        shows the version

Environment variables, which win over the file:
${variables.map((variable) => `  ${nameOf(variable)}\n      ${variable.description}`).join('\n')}

Lists are separated by commas. Routes are path=upstream pairs separated by commas, or a JSON list of
{ "path", "upstream", "methods", "eventSource", "timeout" }. A variable that ends in _FILE names a
file that holds the value.
`

// Reading the command line of `token-handler-dev`, and doing what it says.
import { parseArgs } from 'node:util'
import { demoPassword } from '../authorization-server/users.ts'
import { DevelopmentOptionsError } from '../development/start-handler.ts'
import { explainTrust } from '../development/local-authority.ts'
import { UsersError } from '../development/read-users.ts'
import { startDevServer } from '../development/start-dev-server.ts'
import type { DevServer, DevServerOptions } from '../development/start-dev-server.ts'
import { PortTakenError } from '@token-handler/reference-handler/fastify'

const help = `Usage: token-handler-dev --spa <URL> [options]

Puts an authorization server, OAuth Agent, OAuth Proxy and an API on one origin with the dev server of an app:
Angular, webpack, Next.js or any other.

  --spa <URL>       the dev server of the app, such as http://localhost:4200
  --port <port>     the port to open in a browser; default 5173
  --users <file>    JSON file with the users; default alice and bob
  --api <URL>       your own API, in place of the demo API
  --https           serves https, with a certificate of a local authority
  --help            shows this text
`

const options = {
  spa: { type: 'string' },
  port: { type: 'string' },
  users: { type: 'string' },
  api: { type: 'string' },
  https: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

/**
 * Runs the command.
 *
 * @param args - the arguments after the command's name
 * @returns the exit code, as soon as the command is done or the server listens
 */
export async function run(args: readonly string[]): Promise<number> {
  try {
    const { values } = parseArgs({ args: [...args], options })
    if (values.help === true) {
      console.log(help)
      return 0
    }
    const server = await startDevServer(readOptions(values))
    console.log(banner(server))
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => void server.stop())
    }
    return 0
  } catch (error) {
    if (!isForOperator(error)) throw error
    console.error(`${error.message}\n${help.split('\n', 1)[0]}`)
    return 1
  }
}

function readOptions({
  spa,
  port,
  users,
  api,
  https,
}: {
  readonly [name in 'spa' | 'port' | 'users' | 'api']?: string | undefined
} & { readonly https?: boolean | undefined }): DevServerOptions {
  if (spa === undefined || !URL.canParse(spa)) throw new TypeError('--spa has to be a URL.')
  if (api !== undefined && !URL.canParse(api)) throw new TypeError('--api has to be a URL.')
  if (port !== undefined && !/^\d{1,5}$/.test(port)) throw new TypeError('--port has to be a port.')
  return {
    spa,
    onTrouble: (message) => console.error(message),
    ...(port !== undefined && { port: Number(port) }),
    ...(users !== undefined && { users }),
    ...(api !== undefined && { api }),
    ...(https !== undefined && { https }),
  }
}

const isForOperator = (error: unknown): error is Error =>
  error instanceof TypeError ||
  error instanceof UsersError ||
  error instanceof DevelopmentOptionsError ||
  error instanceof PortTakenError

const banner = ({ origin, backend, certificate }: DevServer): string =>
  [
    `  Open       ${origin}`,
    `  Sign in    as ${backend.users.map(({ id }) => id).join(' or ')}, password ${demoPassword}`,
    `  Look into  ${origin}${backend.pagePath}`,
    ...(certificate?.isNew === true
      ? [`  Trust      ${explainTrust(certificate.authorityFile, process.platform)}`]
      : []),
  ].join('\n')

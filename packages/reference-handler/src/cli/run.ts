// Reading the command line and doing what it says.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { ConfigurationError } from '../configuration/configuration-error.ts'
import { conformance } from './conformance.ts'
import { endSessions } from './end-sessions.ts'
import { help } from './help.ts'
import { PortTakenError } from '../hosts/node/take-port.ts'
import { serve } from './serve.ts'

const options = {
  config: { type: 'string' },
  port: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const

function readVersion(): string {
  const manifest: unknown = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  )
  const hasVersion = typeof manifest === 'object' && manifest !== null && 'version' in manifest
  return hasVersion ? String(manifest.version) : 'unknown'
}

/** Whether an error says to the operator what to do, so that its message is all there is to print. */
function isForOperator(error: unknown): error is Error {
  const isUsage =
    error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  return isUsage || error instanceof ConfigurationError || error instanceof PortTakenError
}

/**
 * Runs the command.
 *
 * @param args - the arguments after the command's name
 * @param environment - such as `process.env`
 * @returns the exit code, as soon as the command is done or the server listens
 */
export async function run(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const [command, ...rest] = args
  if (command === 'conformance') return conformance(rest)
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    if (values.version) console.log(readVersion())
    else if (values.help) console.log(help)
    else if (positionals.length === 1 && positionals[0] === 'serve') {
      await serve({ file: values.config, port: values.port, environment })
    } else if (positionals.length === 2 && positionals[0] === 'end-sessions') {
      await endSessions(positionals[1] ?? '', { file: values.config, environment })
      console.log('All sessions of this user are ended.')
    } else {
      console.error(
        'Usage: token-handler serve [--config <file>] [--port <port>] | end-sessions <sub> | conformance <agent URL> | --help',
      )
      return 1
    }
    return 0
  } catch (error) {
    if (!isForOperator(error)) throw error
    console.error(error.message)
    return 1
  }
}

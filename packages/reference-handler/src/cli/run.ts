// Reading the command line and doing what it says.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { errorPage } from '@token-handler/contract'
import { ConfigurationError } from '../configuration/configuration-error.ts'
import { conformance } from './conformance.ts'
import { doctor } from './doctor.ts'
import { endSessions } from './end-sessions.ts'
import { help } from './help.ts'
import { gatewayCommands, printForGateway } from './print-for-gateway.ts'
import { PortTakenError } from '../hosts/node/take-port.ts'
import { removedRequestHeaders } from './removed-request-headers.ts'
import { serve } from './serve.ts'
import { printForWorker } from './worker-configuration.ts'

const options = {
  config: { type: 'string' },
  port: { type: 'string' },
  out: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const

const usage =
  'Usage: token-handler serve [--config <file>] [--port <port>] | end-sessions <sub> | keys|gateway|worker [--config <file>] [--out <file>] | headers | doctor [<agent URL>] | conformance <agent URL> | --help'

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
  if (command === 'doctor') return doctor(rest, environment)
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    const { config: file, out, port } = values
    const [name = '', ...others] = positionals
    const describe = others.length === 0 ? gatewayCommands.get(name) : undefined
    if (values.version) console.log(readVersion())
    else if (values.help) console.log(help)
    else if (describe !== undefined && port === undefined) {
      printForGateway(describe, { file, out, environment })
    } else if (positionals.length === 1 && name === 'worker' && port === undefined) {
      printForWorker({ file, out })
    } else if (positionals.length === 1 && name === 'headers' && Object.keys(values).length === 0) {
      console.log(JSON.stringify(removedRequestHeaders(), null, 2))
    } else if (positionals.length === 1 && name === 'serve' && out === undefined) {
      await serve({ file, port, environment })
    } else if (positionals.length === 2 && name === 'end-sessions' && port === undefined) {
      await endSessions(positionals[1] ?? '', { file, environment })
      console.log('All sessions of this user are ended.')
    } else {
      console.error(usage)
      return 1
    }
    return 0
  } catch (error) {
    if (!isForOperator(error)) throw error
    const isMistake = error instanceof ConfigurationError
    console.error(
      isMistake ? `${error.message}\n  More: ${errorPage('configuration_mistake')}` : error.message,
    )
    return 1
  }
}

// `token-handler doctor`: reads its command line, examines, prints.
import { exec } from 'node:child_process'
import { parseArgs, promisify } from 'node:util'
import { isHttpUrl, isOrigin } from '@token-handler/contract'
import { ConfigurationError } from '../configuration/configuration-error.ts'
import type { Environment } from '../configuration/environment.ts'
import { loadDeployment } from '../configuration/load.ts'
import type { Configuration } from '../configuration/schema.ts'
import type { DoctorPorts } from '../doctor/doctor-ports.ts'
import { joinReports } from '../doctor/finding.ts'
import type { Report } from '../doctor/finding.ts'
import { examineConfiguration } from '../doctor/inside/examine-configuration.ts'
import { examineDeployment } from '../doctor/outside/examine-deployment.ts'
import { formatJson, formatReport } from '../doctor/report.ts'
import { createNodeFetch } from '../hosts/node/node-fetch.ts'
import { doctorHelp } from './doctor-help.ts'

const options = {
  config: { type: 'string' },
  origin: { type: 'string' },
  issuer: { type: 'string' },
  api: { type: 'string' },
  'callback-command': { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

type Values = ReturnType<typeof read>['values']

const read = (args: readonly string[]) =>
  parseArgs({ args: [...args], options, allowPositionals: true })

/**
 * Runs the doctor.
 *
 * @param args - the arguments after `doctor`
 * @param environment - such as `process.env`; its variables count as for `serve`
 * @returns the exit code: 0 when nothing is wrong, 1 when something is, 2 when it could not be examined
 */
export async function doctor(args: readonly string[], environment: Environment): Promise<number> {
  let values, positionals
  try {
    ;({ values, positionals } = read(args))
  } catch (error) {
    return refuse(error instanceof Error ? error.message : 'The arguments cannot be read.')
  }
  if (values.help === true) {
    console.log(doctorHelp)
    return 0
  }
  const [agentUrl, ...more] = positionals
  const problem = findProblem(agentUrl, more, values)
  if (problem !== undefined) return refuse(problem)

  const ports = createPorts(values['callback-command'])
  const reports: Report[] = []
  let isDeviceBound: boolean | undefined
  try {
    if (agentUrl === undefined || values.config !== undefined) {
      const { configurations, report } = await examineFile(values.config, environment, ports)
      reports.push(report)
      // Of several tenants, nobody has said which one has this URL.
      const [only, ...more] = configurations.map(
        ({ deviceBinding }) => deviceBinding.mode !== 'off',
      )
      if (more.length === 0) isDeviceBound = only
    }
    if (agentUrl !== undefined) {
      const { origin = '', issuer, api: apiUrl } = values
      const place = {
        agentUrl,
        origin,
        ...(issuer !== undefined && { issuer }),
        ...(apiUrl !== undefined && { apiUrl }),
        ...(isDeviceBound !== undefined && { isDeviceBound }),
      }
      reports.push(await examineDeployment(place, ports))
    }
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error
    return refuse(error.message)
  }
  const report = joinReports(reports)
  console.log(values.json === true ? formatJson(report) : formatReport(report))
  return report.findings.length === 0 ? 0 : 1
}

function findProblem(
  agentUrl: string | undefined,
  more: readonly string[],
  { origin, api = agentUrl }: Values,
): string | undefined {
  if (more.length > 0) return 'The doctor takes one URL.'
  if (agentUrl === undefined) return undefined
  for (const url of [agentUrl, api]) {
    if (!isHttpUrl(url)) return `${url} is no http or https URL.`
  }
  if (origin === undefined)
    return 'Say with --origin for which SPA: --origin https://www.example.com'
  if (isOrigin(origin)) return undefined
  return `${origin} is no origin: scheme, host and port; no path, no slash at the end.`
}

function refuse(message: string): number {
  console.error(`${message}\n${doctorHelp.split('\n\n', 1)[0]}`)
  return 2
}

async function examineFile(
  file: string | undefined,
  environment: Environment,
  ports: DoctorPorts,
): Promise<{ readonly configurations: readonly Configuration[]; readonly report: Report }> {
  let configurations: readonly Configuration[]
  try {
    const deployment = loadDeployment({ file, environment })
    configurations =
      deployment.kind === 'single'
        ? [deployment.configuration]
        : deployment.configuration.tenants.map(({ configuration }) => configuration)
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    return { configurations: [], report: describeMistakes(error) }
  }
  const reports: Report[] = []
  for (const configuration of configurations) {
    reports.push(await examineConfiguration(configuration, ports))
  }
  return { configurations, report: joinReports(reports) }
}

function describeMistakes({ mistakes }: ConfigurationError): Report {
  const findings = mistakes.map(({ setting, message }) => ({
    code: 'configuration_mistake' as const,
    about: setting,
    cause: `${setting} ${message}.`,
    mend: `Correct ${setting}; the settings are listed by token-handler --help.`,
  }))
  return { findings, notes: [] }
}

class CommandFailed extends Error {
  override readonly name = 'CommandFailed'
}

function createPorts(command: string | undefined): DoctorPorts {
  const ports = { fetch: createNodeFetch(), now: Date.now }
  if (command === undefined) return ports
  return { ...ports, signIn: (url) => runCallbackCommand(command, url) }
}

/** Milliseconds in which a person, or a script, has to sign in. */
const SIGN_IN_TIMEOUT = 300_000

/** The authorization URL reaches the command in the environment, where no shell reads it. */
async function runCallbackCommand(command: string, authorizationUrl: string): Promise<string> {
  const env = { ...process.env, AUTHORIZATION_URL: authorizationUrl }
  const { stdout } = await promisify(exec)(command, { env, timeout: SIGN_IN_TIMEOUT }).catch(() => {
    throw new CommandFailed('--callback-command failed.')
  })
  const callback = stdout.trim().split('\n').at(-1)?.trim() ?? ''
  if (URL.canParse(callback)) return callback
  throw new CommandFailed(
    '--callback-command has to print the URL that the authorization server leads back to, as its last line.',
  )
}

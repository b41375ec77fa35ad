// What can be chosen about the demo: its ports, by flag or environment variable.
import { parseArgs } from 'node:util'

/** Everything that listens, by the flag that moves it. */
const services = {
  'spa-port': { port: 5173, name: 'this app' },
  'handler-port': { port: 3000, name: 'agent and proxy' },
  'authorization-server-port': { port: 4000, name: 'authorization server' },
  'api-port': { port: 3002, name: 'demo API' },
  'control-port': { port: 3003, name: 'development control' },
} as const

type PortFlag = keyof typeof services

const flags = {
  help: { type: 'boolean', short: 'h' },
  'spa-port': { type: 'string' },
  'handler-port': { type: 'string' },
  'authorization-server-port': { type: 'string' },
  'api-port': { type: 'string' },
  'control-port': { type: 'string' },
} as const

/** A port for everything that listens. */
export interface DemoPorts {
  readonly spa: number
  readonly handler: number
  readonly authorizationServer: number
  readonly api: number
  readonly control: number
}

/** What the command line asks for. */
export type DemoCommand =
  | { readonly kind: 'start'; readonly ports: DemoPorts }
  | { readonly kind: 'help' }

/** `spa-port` → `SPA_PORT` */
const variableOf = (flag: string): string => flag.toUpperCase().replaceAll('-', '_')

const row = (...[flag, variable, port, name]: readonly [string, string, string, string]): string =>
  `  ${flag.padEnd(36)}${variable.padEnd(28)}${port.padEnd(9)}${name}`

/** How to use the command. */
export const help: string = [
  'Starts Nordlicht Coffee with everything it needs, on this machine only.',
  '',
  '  pnpm demo [flags]',
  '',
  row('Flag', 'Environment variable', 'Default', 'Port of'),
  ...Object.entries(services).map(([flag, { port, name }]) =>
    row(`--${flag} <port>`, variableOf(flag), String(port), name),
  ),
].join('\n')

/**
 * Reads the command line; a flag wins over its environment variable.
 *
 * @throws {TypeError} naming the flag or variable that cannot be used
 */
export function readDemoOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): DemoCommand {
  // `pnpm demo -- --help` hands the two dashes on.
  const { values } = parseArgs({ args: args.filter((arg) => arg !== '--'), options: flags })
  if (values.help === true) return { kind: 'help' }

  function portOf(flag: PortFlag): number {
    const variable = variableOf(flag)
    const fromFlag = values[flag]
    if (fromFlag !== undefined) return readPort(`--${flag}`, fromFlag)
    const fromEnvironment = environment[variable]
    if (fromEnvironment !== undefined) return readPort(variable, fromEnvironment)
    return services[flag].port
  }
  return {
    kind: 'start',
    ports: {
      spa: portOf('spa-port'),
      handler: portOf('handler-port'),
      authorizationServer: portOf('authorization-server-port'),
      api: portOf('api-port'),
      control: portOf('control-port'),
    },
  }
}

function readPort(name: string, value: string): number {
  const port = Number(value)
  if (/^\d+$/.test(value) && port >= 1 && port <= 65_535) return port
  throw new TypeError(`${name} must be a port between 1 and 65535, not "${value}".`)
}

// Reading the command line of `token-handler conformance`.
import { parseArgs } from 'node:util'
import { isHttpUrl, isOrigin } from '@token-handler/contract'
import { conformanceCases } from '../index.ts'
import type { Capability, ConformanceCase } from '../index.ts'
import { CannotRunError } from './cannot-run.ts'

/** How results are printed. */
export const formats = ['human', 'tap', 'json'] as const

/** See {@link formats}. */
export type Format = (typeof formats)[number]

/** Capabilities that cannot be detected from outside, and that need nothing but to be stated. */
export const statedCapabilities = [
  'event-source',
  'refresh-rotation',
  'whole-origin',
] as const satisfies readonly Capability[]

/** How a user signs in. */
export type SignInMethod =
  | { readonly kind: 'command'; readonly command: string }
  /** Without a module, a person signs in by hand, once. */
  | {
      readonly kind: 'chromium'
      readonly executablePath: string
      readonly module: string | undefined
    }

/** What the command line says. */
export interface ConformanceOptions {
  /** Without a trailing slash. */
  readonly agentUrl: string
  /** The SPA's origin. */
  readonly origin: string
  readonly apiUrl: string | undefined
  readonly streamUrl: string | undefined
  readonly signIn: SignInMethod | undefined
  readonly secondUser: boolean
  readonly expireCommand: string | undefined
  readonly endSessionCommand: string | undefined
  readonly capabilities: readonly Capability[]
  readonly cases: readonly ConformanceCase[]
  readonly format: Format
  readonly yes: boolean
}

const options = {
  origin: { type: 'string' },
  api: { type: 'string' },
  stream: { type: 'string' },
  'callback-command': { type: 'string' },
  chromium: { type: 'string' },
  'sign-in': { type: 'string' },
  'second-user': { type: 'boolean', default: false },
  'expire-command': { type: 'string' },
  'end-session-command': { type: 'string' },
  capability: { type: 'string', multiple: true },
  case: { type: 'string', multiple: true },
  format: { type: 'string', default: 'human' },
  yes: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

/**
 * Reads the arguments after `conformance`.
 *
 * @returns the options, or `help` when that is all that is asked for
 * @throws {CannotRunError} when something is missing or wrong
 */
export function readOptions(args: readonly string[]): ConformanceOptions | 'help' {
  const { values, positionals } = parse(args)
  if (values.help) return 'help'
  const [agentUrl, ...others] = positionals
  if (agentUrl === undefined || others.length > 0) {
    throw new CannotRunError(
      'Name one agent: token-handler conformance <agent URL> --origin <origin>',
    )
  }
  return {
    agentUrl: requireUrl('The agent URL', agentUrl).replace(/\/+$/, ''),
    origin: requireOrigin(values.origin),
    apiUrl: values.api && requireUrl('--api', values.api),
    streamUrl: values.stream && requireUrl('--stream', values.stream),
    signIn: readSignIn(values['callback-command'], values.chromium, values['sign-in']),
    secondUser: values['second-user'],
    expireCommand: values['expire-command'],
    endSessionCommand: values['end-session-command'],
    capabilities: (values.capability ?? []).map((name) =>
      oneOf('--capability', statedCapabilities, name),
    ),
    cases: findCases(values.case ?? []),
    format: oneOf('--format', formats, values.format),
    yes: values.yes,
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (cause) {
    throw new CannotRunError(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

function requireUrl(name: string, value: string): string {
  if (!isHttpUrl(value)) throw new CannotRunError(`${name} must be an absolute http or https URL.`)
  return value
}

function requireOrigin(value: string | undefined): string {
  if (value === undefined || !isOrigin(value)) {
    throw new CannotRunError(
      "Give the SPA's exact origin, without a path: --origin https://www.example.com",
    )
  }
  return value
}

function readSignIn(
  command: string | undefined,
  executablePath: string | undefined,
  module: string | undefined,
): SignInMethod | undefined {
  if (command !== undefined && executablePath !== undefined) {
    throw new CannotRunError('Give --callback-command or --chromium, not both.')
  }
  if (module !== undefined && executablePath === undefined) {
    throw new CannotRunError('--sign-in needs a browser to sign in with: --chromium <path>')
  }
  if (command !== undefined) return { kind: 'command', command }
  return executablePath === undefined ? undefined : { kind: 'chromium', executablePath, module }
}

function findCases(ids: readonly string[]): readonly ConformanceCase[] {
  const all = conformanceCases.map(({ id }) => id)
  const unknown = ids.find((id) => !all.includes(id))
  if (unknown !== undefined) throw new CannotRunError(`There is no case ${unknown}.`)
  return ids.length === 0 ? conformanceCases : conformanceCases.filter(({ id }) => ids.includes(id))
}

function oneOf<T extends string>(name: string, choices: readonly T[], value: string): T {
  const choice = choices.find((candidate) => candidate === value)
  if (choice === undefined)
    throw new CannotRunError(`${name} must be one of ${choices.join(', ')}.`)
  return choice
}

// Reading settings from environment variables.
import type { Mistake } from './configuration-error.ts'
import { VARIABLE_PREFIX, variables } from './environment-variables.ts'
import type { Variable, VariableKind } from './environment-variables.ts'
import { splitList } from './split-list.ts'

/** A value for one place in the configuration. */
export interface Setting {
  readonly path: readonly [string, ...string[]]
  readonly value: unknown
}

/** Environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Reads the text of a file. */
type ReadFile = (path: string) => string

/** `/api=http://127.0.0.1:3002`; without the `=`, an empty upstream that the schema objects to. */
function parseRoute(pair: string): { readonly path: string; readonly upstream: string } {
  const [path = '', ...upstream] = pair.split('=')
  return { path, upstream: upstream.join('=') }
}

function parseRoutes(text: string): unknown {
  if (!text.startsWith('[')) return splitList(text).map(parseRoute)
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** A number as people write one; unlike `Number`, it finds none in an empty text. */
export const readNumber = (text: string): unknown =>
  /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text

/** What does not fit its kind stays text, and the schema says what it must be. */
const parsers: Readonly<Record<VariableKind, (text: string) => unknown>> = {
  text: (text) => text,
  number: readNumber,
  boolean: (text) => (text === 'true' ? true : text === 'false' ? false : text),
  list: splitList,
  parameters: (text) => Object.fromEntries(new URLSearchParams(text)),
  routes: parseRoutes,
}

/** The text of a variable, from the environment or from the file that `<name>_FILE` names. */
function readText(
  { name, secret }: Variable,
  environment: Environment,
  readFile: ReadFile | undefined,
): { readonly text: string } | { readonly mistake: Mistake } | undefined {
  const text = environment[name]
  const file = secret && environment[`${name}_FILE`]
  if (!file) return text ? { text } : undefined
  if (text) {
    const message = `is set together with ${name}_FILE; keep one of them`
    return { mistake: { setting: name, message } }
  }
  if (readFile === undefined) {
    const message = `names a file, and this host reads none; set ${name} itself`
    return { mistake: { setting: `${name}_FILE`, message } }
  }
  try {
    return { text: readFile(file).trim() }
  } catch {
    const message = `names the file ${file}, which cannot be read; correct the path or its permissions`
    return { mistake: { setting: `${name}_FILE`, message } }
  }
}

/**
 * What Kubernetes sets in every container for a Service that is called `token-handler`.
 *
 * @see {@link https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables Kubernetes, environment variables of Services}
 */
const SERVICE_LINK = /^(?:SERVICE_(?:HOST|PORT(?:_\w+)?)|PORT_\d+_(?:TCP|UDP|SCTP)(?:_[A-Z]+)?)$/

/** Without what is not meant for the handler; `TOKEN_HANDLER_PORT` may be either. */
function withoutServiceLinks(environment: Environment): Environment {
  const isServiceLink = (name: string, value = '') => {
    if (!name.startsWith(VARIABLE_PREFIX)) return false
    const rest = name.slice(VARIABLE_PREFIX.length)
    return SERVICE_LINK.test(rest) || (rest === 'PORT' && /^(?:tcp|udp|sctp):/.test(value))
  }
  return Object.fromEntries(
    Object.entries(environment).filter(([name, value]) => !isServiceLink(name, value)),
  )
}

function findUnknown(environment: Environment): readonly Mistake[] {
  const known = new Set(
    variables.flatMap(({ name, secret }) => (secret ? [name, `${name}_FILE`] : [name])),
  )
  return Object.keys(environment)
    .filter((name) => name.startsWith(VARIABLE_PREFIX) && !known.has(name))
    .map((setting) => ({
      setting,
      message: 'is not a setting; remove it, or find its name in: token-handler --help',
    }))
}

/**
 * Reads the settings that the environment makes. A variable that is empty counts as not set.
 *
 * @param environment - such as `process.env`; only names that start with `TOKEN_HANDLER_` are read
 * @param readFile - reads the file that a `…_FILE` variable names, and throws when it cannot; without it, no such
 *   variable can be set
 */
export function readEnvironment(
  environment: Environment,
  readFile: ReadFile | undefined,
): { readonly settings: readonly Setting[]; readonly mistakes: readonly Mistake[] } {
  const own = withoutServiceLinks(environment)
  const settings: Setting[] = []
  const mistakes: Mistake[] = [...findUnknown(own)]
  for (const variable of variables) {
    const result = readText(variable, own, readFile)
    if (result === undefined) continue
    if ('mistake' in result) mistakes.push(result.mistake)
    else settings.push({ path: variable.path, value: parsers[variable.kind](result.text) })
  }
  return { settings, mistakes }
}

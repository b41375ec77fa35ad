// Reading the command line and doing what it says.
import { basename, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { createApp, FolderError, templates } from './create-app.ts'
import type { Template } from './create-app.ts'

const help = `Usage: npm create token-handler@latest <folder> -- [--template ${templates.join('|')}]

Makes a new app with sign-in: Vite, the browser SDK, and a whole backend for development.

  --template <name>  ${templates.join(' or ')}; default ${templates[0]}
  --help             shows this text
`

/** Where the command runs. */
export interface Surroundings {
  /** Of Node. */
  readonly version: string
  /** What the package manager calls itself, such as `pnpm/10.0.0 node/v24.0.0`. */
  readonly userAgent: string
  readonly print: (text: string) => void
  readonly printError: (text: string) => void
}

/** The oldest Node that runs the app's dev server. */
const OLDEST = [22, 21] as const

function isOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])
}

const options = {
  template: { type: 'string', short: 't' },
  help: { type: 'boolean', short: 'h' },
} as const

const isTemplate = (name: string): name is Template =>
  (templates as readonly string[]).includes(name)

/**
 * Runs the command.
 *
 * @param args - the arguments after the command's name
 * @returns the exit code
 */
export function run(args: readonly string[], surroundings: Surroundings): number {
  const { version, userAgent, print, printError } = surroundings
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    if (values.help === true) {
      print(help)
      return 0
    }
    const [folder, ...more] = positionals
    const { template = templates[0] } = values
    if (folder === undefined || more.length > 0) throw new TypeError('Give one folder.')
    if (!isTemplate(template)) throw new TypeError(`There is no template ${template}.`)
    createApp(resolve(folder), template)
    print(nextSteps(folder, userAgent, version))
    return 0
  } catch (error) {
    if (!(error instanceof TypeError) && !(error instanceof FolderError)) throw error
    printError(`${error.message}\n${help.split('\n', 1)[0]}`)
    return 1
  }
}

function nextSteps(folder: string, userAgent: string, version: string): string {
  const manager = /^(npm|pnpm|yarn|bun)\//.exec(userAgent)?.[1] ?? 'npm'
  return [
    `${basename(resolve(folder))} is ready. Next:`,
    '',
    `  cd ${folder}`,
    `  ${manager} install`,
    `  ${manager} run dev`,
    ...(isOld(version)
      ? ['', `The dev server needs Node ${OLDEST.join('.')} or newer, and this is Node ${version}.`]
      : []),
  ].join('\n')
}

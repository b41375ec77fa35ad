// A consumer's project: a folder with files, beside the installed packages, and programs that run in it.
import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { inject } from 'vitest'

/** Files of a project, by their path in it. */
export type Files = Readonly<Record<string, string>>

/** What a program has written, and how it ended. */
export interface Outcome {
  readonly code: number
  readonly output: string
}

/** A project of a consumer. */
export interface Consumer {
  readonly folder: string
  /**
   * Runs a program of `node_modules` in the project, with this Node and an environment of its own.
   *
   * @param program - path in `node_modules`
   */
  readonly run: (
    program: string,
    parameters?: readonly string[],
    nodeOptions?: readonly string[],
  ) => Promise<Outcome>
}

const docs = fileURLToPath(new URL('../../docs/', import.meta.url))

const namedBlock = /^```\w+ title="([^"]+)"\n([\s\S]*?)^```$/gm

/** The code blocks of a guide that have a name, in any language: what a reader copies. */
export async function readGuide(document: string): Promise<Files> {
  const markdown = await readFile(join(docs, document), 'utf8')
  return Object.fromEntries(
    [...markdown.matchAll(namedBlock)].map(([, name = '', code = '']) => [name, code]),
  )
}

/** Files of a guide, by name. */
export function pick(files: Files, ...names: readonly string[]): Files {
  return Object.fromEntries(
    names.map((name) => {
      const code = files[name]
      if (code === undefined) throw new Error(`The guide has no block with the title ${name}.`)
      return [name, code]
    }),
  )
}

/** Makes the project; without a `package.json` of its own it is one of ES modules. */
export async function createConsumer(name: string, files: Files): Promise<Consumer> {
  const installation = inject('installation')
  const folder = join(installation, name)
  for (const [path, code] of Object.entries({ 'package.json': '{"type":"module"}', ...files })) {
    const file = join(folder, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, code)
  }
  return {
    folder,
    async run(program, parameters = [], nodeOptions = []) {
      const file = join(installation, 'node_modules', program)
      // Nothing of this run's own settings, but where programs are.
      const env = { PATH: process.env['PATH'], NO_COLOR: '1' }
      const all = [...nodeOptions, file, ...parameters]
      try {
        const { stdout, stderr } = await promisify(execFile)(process.execPath, all, {
          cwd: folder,
          env,
        })
        return { code: 0, output: stdout + stderr }
      } catch (error) {
        const { code, stdout, stderr } = error as {
          readonly code: number
          readonly stdout: string
          readonly stderr: string
        }
        return { code, output: stdout + stderr }
      }
    },
  }
}

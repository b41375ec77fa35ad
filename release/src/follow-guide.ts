// Doing what a guide says: what makes the app, the dev server that goes on running, and what is edited while it runs.
import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Step } from './read-guide.ts'
import { runProgram, startProgram } from './run-program.ts'

/** An app as its guide has made it up to its dev server, being served. */
export interface FollowedGuide {
  /** What the dev server prints. */
  readonly url: string
  readonly folder: string
  /** What a reader has typed so far: lines that were not in the file before. */
  readonly typed: { readonly commands: number; readonly lines: number; readonly files: number }
  /** Does what the guide says after that. */
  readonly goOn: () => Promise<void>
  /** Saves those files once more, as they are. */
  readonly saveAgain: () => Promise<void>
  readonly stop: () => Promise<void>
}

const isDevServer = (line: string): boolean => line.endsWith(' run dev')

const readLines = (text: string): readonly string[] =>
  text.split('\n').flatMap((line) => line.trim() || [])

/** Lines that a reader types: what stood in the file before is there already, however far it is indented. */
function countTyped(before: string, after: string): number {
  const left = [...readLines(before)]
  return readLines(after).filter((line) => {
    const index = left.indexOf(line)
    if (index !== -1) left.splice(index, 1)
    return index === -1
  }).length
}

/** Writes a file, and resolves with the number of lines typed. */
async function write(file: string, text: string): Promise<number> {
  const before = await readFile(file, 'utf8').catch(() => '')
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text)
  return countTyped(before, text)
}

/**
 * Follows the steps of a guide.
 *
 * @param parent - where the guide begins
 * @param environment - of every command
 */
export async function followGuide(
  steps: readonly Step[],
  parent: string,
  environment: Readonly<Record<string, string>>,
): Promise<FollowedGuide> {
  let folder = parent
  const typed = { commands: 0, lines: 0, files: 0 }

  async function follow(step: Step): Promise<void> {
    if (step.kind === 'file') {
      typed.lines += await write(join(folder, step.path), step.text)
      typed.files += 1
      return
    }
    typed.commands += 1
    if (step.line.startsWith('cd ')) folder = join(folder, step.line.slice('cd '.length))
    else await runProgram('sh', ['-c', step.line], { folder, environment })
  }

  const start = steps.findIndex((step) => step.kind === 'command' && isDevServer(step.line))
  const devServer = steps[start]
  if (devServer?.kind !== 'command') throw new Error('The guide starts no dev server.')
  for (const step of steps.slice(0, start)) await follow(step)
  typed.commands += 1
  const server = startProgram('sh', ['-c', devServer.line], { folder, environment })
  try {
    const line = await server.printed(/Local:\s+http:\/\/\S+/)
    await server.printed(/Token Handler: .*/)
    return {
      url: line.replace(/^Local:\s+/, ''),
      folder,
      typed: { ...typed },
      async goOn() {
        for (const step of steps.slice(start + 1)) await follow(step)
      },
      async saveAgain() {
        for (const step of steps.slice(start + 1)) {
          if (step.kind === 'file') await utimes(join(folder, step.path), new Date(), new Date())
        }
      },
      stop: server.stop,
    }
  } catch (error) {
    await server.stop()
    throw error
  }
}

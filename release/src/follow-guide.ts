// Doing what a guide says, up to the command that goes on running: the app's dev server.
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Step } from './read-guide.ts'
import { runProgram, startProgram } from './run-program.ts'

/** An app as its guide has made it, being served. */
export interface FollowedGuide {
  /** What the dev server prints. */
  readonly url: string
  readonly folder: string
  /** What a reader has typed. */
  readonly typed: { readonly commands: number; readonly lines: number; readonly files: number }
  readonly stop: () => Promise<void>
}

const isDevServer = (line: string): boolean => line.endsWith(' run dev')

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
  for (const step of steps) {
    if (step.kind === 'file') {
      const file = join(folder, step.path)
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, step.text)
    } else if (step.line.startsWith('cd ')) folder = join(folder, step.line.slice('cd '.length))
    else if (!isDevServer(step.line)) {
      await runProgram('sh', ['-c', step.line], { folder, environment })
    }
  }
  const last = steps.findLast((step) => step.kind === 'command' && isDevServer(step.line))
  if (last?.kind !== 'command') throw new Error('The guide starts no dev server.')
  const server = startProgram('sh', ['-c', last.line], { folder, environment })
  try {
    const line = await server.printed(/Local:\s+http:\/\/\S+/)
    await server.printed(/Token Handler: .*/)
    const url = line.replace(/^Local:\s+/, '')
    return { url, folder, typed: count(steps), stop: server.stop }
  } catch (error) {
    await server.stop()
    throw error
  }
}

function count(steps: readonly Step[]): FollowedGuide['typed'] {
  const files = steps.filter((step) => step.kind === 'file')
  const lines = files.flatMap(({ text }) => text.split('\n').filter((line) => line.trim() !== ''))
  return { commands: steps.length - files.length, lines: lines.length, files: files.length }
}

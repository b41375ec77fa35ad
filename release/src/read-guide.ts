// Reads a guide as a user does: commands to type, and files to write, in the order in which they stand there.

/** One thing that the guide tells its reader to do. */
export type Step =
  | { readonly kind: 'command'; readonly line: string }
  | { readonly kind: 'file'; readonly path: string; readonly text: string }

/** A package manager that the guide has commands for. */
export type PackageManager = 'npm' | 'pnpm'

const fence = /^```(\w+)(?: title="([^"]+)")?\n([\s\S]*?)^```$/gm

/**
 * Reads the steps of a guide. Blocks of `sh` are commands, for npm unless their title names another package manager; all
 * other blocks with a title are files.
 */
export function readGuide(markdown: string, manager: PackageManager): readonly Step[] {
  return [...markdown.matchAll(fence)].flatMap(([, language, title, text = '']): Step[] => {
    if (language === 'sh') {
      if ((title ?? 'npm') !== manager) return []
      return text
        .trim()
        .split('\n')
        .map((line) => ({ kind: 'command', line }))
    }
    return title === undefined ? [] : [{ kind: 'file', path: title, text }]
  })
}

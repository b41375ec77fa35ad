// Reads the TypeScript code blocks out of Markdown files.

/** A fenced code block. */
export interface CodeBlock {
  /** From the fence's `title="…"`, else made up; blocks of one document import each other by it. */
  readonly fileName: string
  readonly code: string
  /** Line of the fence in the document, from 1. */
  readonly line: number
}

const fence = /^```(tsx?)(?: title="([^"]+)")?\n([\s\S]*?)^```$/gm

/** All `ts` and `tsx` blocks of a document, in order. */
export function readCodeBlocks(markdown: string): readonly CodeBlock[] {
  return [...markdown.matchAll(fence)].map((match, index) => {
    const [, language = 'ts', title, code = ''] = match
    return {
      fileName: title ?? `block-${index + 1}.${language}`,
      code,
      line: markdown.slice(0, match.index).split('\n').length,
    }
  })
}

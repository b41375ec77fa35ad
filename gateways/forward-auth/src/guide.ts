// The blocks of the guides, by their titles.
import { readFileSync } from 'node:fs'

/** Reads a block of `docs/gateways/<page>.md`. */
export function blockOf(page: string, title: string): string {
  const url = new URL(`../../../docs/gateways/${page}.md`, import.meta.url)
  for (const [, found, code = ''] of readFileSync(url, 'utf8').matchAll(
    /^```\w+ title="([^"]+)"\n([\s\S]*?)^```$/gm,
  )) {
    if (found === title) return code
  }
  throw new Error(`docs/gateways/${page}.md has no block ${title}.`)
}

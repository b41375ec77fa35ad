// The pages about authorization servers: their settings are settings of the handler, and each is in the index.
import { globSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseConfiguration } from '@token-handler/reference-handler'
import type { ConfigurationInput } from '@token-handler/reference-handler'
import { describe, expect, test } from 'vitest'

const folder = fileURLToPath(new URL('../authorization-servers/', import.meta.url))

const pages = globSync('*.md', { cwd: folder }).filter((page) => page !== 'README.md')

const read = (page: string): Promise<string> => readFile(folder + page, 'utf8')

/** The JSON blocks of a page. */
const readSettings = (markdown: string): readonly Partial<ConfigurationInput>[] =>
  [...markdown.matchAll(/^```json\n([\s\S]*?)^```$/gm)].map(([, json = '']) => JSON.parse(json))

/** A page leaves out what has nothing to do with the authorization server. */
function complete(settings: Partial<ConfigurationInput>): unknown {
  return {
    cookies: { secrets: ['not a secret, but long enough for one'] },
    trustedOrigins: ['https://www.example.com'],
    ...settings,
    client: { secret: 'not a secret', ...settings.client },
  }
}

describe.each(pages)('%s', (page) => {
  test('has settings that the handler takes', async () => {
    const all = readSettings(await read(page))
    expect(all.length).toBeGreaterThan(0)
    for (const settings of all) expect(() => parseConfiguration(complete(settings))).not.toThrow()
  })

  test('says whether the server was seen', async () => {
    expect(await read(page)).toMatch(
      /^(Seen: [^[]*20\d\d-\d\d-\d\d|By its documentation, not run)/m,
    )
  })

  test('is in the index', async () => {
    expect(await read('README.md')).toContain(`](${page})`)
  })
})

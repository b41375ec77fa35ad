// Every error code has a page that says what it means, how it looks and what to do, and every page has a code.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { agentErrorStatus, proxyErrorStatus } from '@token-handler/contract'
import { doctorCodes } from '@token-handler/reference-handler/doctor'
import { lambdaCodes } from '@token-handler/reference-handler/lambda'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = `${root}docs/errors/`
const read = (name: string): string => readFileSync(folder + name, 'utf8')

/** The codes of the SDK stand in a type, so they are read from its source. */
function readSdkCodes(): readonly string[] {
  const source = readFileSync(`${root}packages/client/src/errors.ts`, 'utf8')
  const [, union = ''] = /export type TokenHandlerErrorCode =\n([\s\S]*?)\n\n/.exec(source) ?? []
  return [...union.matchAll(/^ {2}\| '(\w+)'/gm)].map(([, code = '']) => code)
}

const groups = {
  SDK: readSdkCodes(),
  Agent: Object.keys(agentErrorStatus),
  Proxy: Object.keys(proxyErrorStatus),
  Configuration: ['configuration_mistake'],
  Doctor: Object.keys(doctorCodes),
  Lambda: Object.keys(lambdaCodes),
}
const codes = [...new Set(Object.values(groups).flat())]

test('the codes are found', () => {
  expect(groups.SDK.length).toBeGreaterThan(8)
  expect(codes.length).toBeGreaterThan(50)
})

test('every code has a page, and every page has a code', () => {
  const pages = readdirSync(folder)
    .filter((name) => name !== 'README.md')
    .map((name) => name.replace(/\.md$/, ''))
  expect(pages.toSorted()).toEqual(codes.toSorted())
})

test.each(codes)('%s says what it means, how it looks and what to do', (code) => {
  const text = read(`${code}.md`)
  expect(text).toMatch(new RegExp(`^# ${code}: \\S`))
  for (const heading of ['What it means', 'How it looks', 'What to do']) {
    expect(text).toMatch(new RegExp(`\n## ${heading}\n\n[^#\\s]`))
  }
})

test('the links between the pages, and from them, lead somewhere', () => {
  const broken = ['README', ...codes].flatMap((code) =>
    [...read(`${code}.md`).matchAll(/\]\(([^)#]+)[^)]*\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !target.startsWith('http') && !existsSync(folder + target))
      .map((target) => `${code}: ${target}`),
  )
  expect(broken).toEqual([])
})

describe('the index', () => {
  const index = read('README.md')

  test.each(Object.entries(groups))('lists all codes of %s', (group, expected) => {
    const [, section = ''] =
      new RegExp(`\n## ${group}\n\n([\\s\\S]*?)(?:\n## |$)`).exec(index) ?? []
    const listed = [...section.matchAll(/\]\((\w+)\.md\)/g)].map(([, code = '']) => code)
    expect(listed.toSorted()).toEqual([...expected].toSorted())
  })
})

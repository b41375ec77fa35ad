// @vitest-environment jsdom
// The names that are short in the production build: none of them may be seen from outside.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = `${join(import.meta.dirname, '..')}/`
const contract = join(root, '../contract/src')
const read = (file: string): string =>
  readFileSync(file, 'utf8')
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/^\s*\/\/.*$/gm, '')
    // Types are gone in JavaScript.
    .replaceAll(/\bPick<.*>/g, '')
const names = JSON.parse(read(`${root}internal-names.json`)) as readonly string[]
const sources = globSync(`${root}src/**/*.ts`).map(read)

/** Members that a declaration of a type names. */
const membersOf = (text: string): readonly string[] =>
  [...text.matchAll(/(?:^\s+|[{;,(]\s*)(?:declare |override )*(?:readonly )?(\w+)\??[:(<]/gm)].map(
    ([, name = '']) => name,
  )

/** The declaration of one type. */
function declarationOf(file: string, type: string): string {
  const [text] =
    new RegExp(`(?:interface|type) ${type}\\b[\\s\\S]*?\\n(?:}|(?=\\n))`).exec(
      read(`${root}src/${file}`),
    ) ?? []
  if (text === undefined) throw new Error(`${file} has no type ${type}`)
  return text
}

/** What apps, stored data and messages of other tabs have: other versions of this package read them, too. */
const borders = [
  ...[
    'token-handler-client',
    'options',
    'errors',
    'session/session',
    'session/session-facts',
    'tabs/tab-messages',
    'platform/platform',
    'fetch/read-init',
    'session-watch',
    'silent-login',
    'ky',
    'agent-node',
    'early-session',
  ].map((name) => read(`${root}src/${name}.ts`)),
  declarationOf('trace.ts', 'TraceDetail'),
  declarationOf('trace.ts', 'TraceStep'),
  declarationOf('login/login-records.ts', 'PendingLogin'),
  declarationOf('login/login-records.ts', 'LoginEnding'),
  declarationOf('login/login-records.ts', 'LoginRecords'),
  declarationOf('login/state-owners.ts', 'Claim'),
  ...globSync(`${contract}/**/*.ts`).map(read),
]

/** Every member of every class, function and object of a page, and of JavaScript. */
function namesOfBrowsers(): ReadonlySet<string> {
  const found = new Set<string>()
  const addMembers = (object: unknown): void => {
    if (Object(object) !== object) return
    for (const name of Object.getOwnPropertyNames(object)) found.add(name)
    addMembers(Object.getPrototypeOf(object))
  }
  addMembers(window)
  for (const name of Object.getOwnPropertyNames(window)) {
    // Node's.
    if (name === 'process') continue
    const value: unknown = Reflect.get(window, name)
    // Such as `console`.
    addMembers(value)
    if (typeof value === 'function') addMembers(Reflect.get(value, 'prototype'))
  }
  return found
}

it('each is a member of something, so that the list has no leftovers', () => {
  const used = new Set(sources.flatMap((text) => [...text.matchAll(/\w+/g)].map(([word]) => word)))
  expect(names.filter((name) => !used.has(name))).toEqual([])
  expect(new Set(names).size).toBe(names.length)
})

it('none is a name of the wire, of storage, of a message or of the public types', () => {
  const visible = new Set(borders.flatMap(membersOf))
  for (const known of [
    'agentUrl',
    'isLoggedIn',
    'epoch',
    'returnTo',
    'hash',
    'getSnapshot',
    'at',
  ]) {
    expect(visible).toContain(known)
  }
  expect(names.filter((name) => visible.has(name))).toEqual([])
})

it('none is a name of the browser or of the language', () => {
  const taken = namesOfBrowsers()
  for (const known of [
    'localStorage',
    'addEventListener',
    'confirm',
    'searchParams',
    'matchAll',
    'warn',
  ]) {
    expect(taken).toContain(known)
  }
  expect(names.filter((name) => taken.has(name))).toEqual([])
})

it('none is written as a text, which would stay long', () => {
  const isText = (name: string) =>
    sources.some((text) => new RegExp(`(['"\`])${name}\\1`).test(text))
  expect(names.filter(isText)).toEqual([])
})

// A new app on disk, and what the command says about it.
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { createApp, templates } from '../src/index.ts'
import { run } from '../src/run.ts'

let parent = ''
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'create-token-handler-'))
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }))
})

describe.each(templates)('template %s', (template) => {
  test('makes an app with a name, versions, and files that begin with a dot', () => {
    const folder = join(parent, 'My Shop')
    createApp(folder, template)
    const text = readFileSync(join(folder, 'package.json'), 'utf8')
    expect(JSON.parse(text)).toMatchObject({ name: 'my-shop', private: true })
    expect(text).not.toMatch(/__[A-Z]+__/)
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    for (const file of ['.gitignore', '.env.example', 'compose.yaml', 'src/token-handler.ts']) {
      expect(files).toContain(file)
    }
    expect(files.filter((name) => name.startsWith('_'))).toEqual([])
  })

  test('has no secret, and ignores the file that will have some', () => {
    const folder = join(parent, 'shop')
    createApp(folder, template)
    expect(readFileSync(join(folder, '.env.example'), 'utf8')).toMatch(/CLIENT_SECRET=\n/)
    expect(readFileSync(join(folder, '.gitignore'), 'utf8')).toMatch(/^\.env$/m)
  })
})

function command(args: readonly string[], version = '24.0.0', userAgent = 'pnpm/12.0.0') {
  let out = ''
  let err = ''
  const code = run(args, {
    version,
    userAgent,
    print: (text) => (out += text),
    printError: (text) => (err += text),
  })
  return { code, out, err }
}

describe('the command', () => {
  test('says what comes next, by the package manager that ran it', () => {
    const { code, out } = command([join(parent, 'shop'), '--template', 'plain'])
    expect(code).toBe(0)
    expect(out).toContain('pnpm install')
    expect(out).not.toContain('needs Node')
  })

  test('says that Node is too old for the dev server', () => {
    const { out } = command([join(parent, 'shop')], '20.20.2')
    expect(out).toContain('needs Node 22.21 or newer, and this is Node 20.20.2')
  })

  test.each([
    [[], 'Give one folder'],
    [['a', 'b'], 'Give one folder'],
    [['a', '--template', 'cobol'], 'no template cobol'],
    [['--planted'], '--planted'],
  ])('refuses %j', (args, message) => {
    const { code, err } = command(args)
    expect(code).toBe(1)
    expect(err).toContain(message)
    expect(err).toContain('Usage: npm create token-handler')
  })

  test('touches no folder that has files in it', () => {
    writeFileSync(join(parent, 'mine.txt'), 'mine')
    expect(command([parent]).err).toContain('has files in it')
    expect(readdirSync(parent)).toEqual(['mine.txt'])
  })
})

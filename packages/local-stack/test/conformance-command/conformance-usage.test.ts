// What `token-handler conformance` says before it begins, and when it cannot.
import { describe, expect, test, vi } from 'vitest'
import { run as runCommand } from '../../../reference-handler/src/cli/run.ts'
import { cases, someCases, useConformanceCommand } from './conformance-command.ts'

const { stack, against, run } = useConformanceCommand()

describe('before anything is sent', () => {
  test('it asks, and a no is a no', async () => {
    const { code, asked, said } = await run([...against(), ...someCases], false)
    expect({ code, asked }).toEqual({ code: 2, asked: 1 })
    expect(said).toContain('signs in and out')
    expect(stack().agentCalls()).toEqual([])
  })

  test('it goes on after a yes', async () => {
    const args = [...against(), ...cases('first-visit-is-anonymous')]
    expect(await run(args, true)).toMatchObject({ code: 0, asked: 1 })
  })

  test('where nobody can be asked, it does nothing without --yes', async () => {
    const { code, said } = await run([...against(), ...someCases])
    expect(code).toBe(2)
    expect(said).toContain('--yes')
    expect(stack().agentCalls()).toEqual([])
  })

  test.each<[string, readonly string[], RegExp]>([
    ['no agent', [], /<agent URL>/],
    ['two agents', ['https://a.example', 'https://b.example'], /one agent/],
    ['no origin', ['https://a.example'], /--origin https/],
    ['a page for an origin', ['https://a.example', '--origin', 'https://a.example/x'], /--origin/],
    ['no URL', ['a.example', '--origin', 'https://a.example'], /must be an absolute/],
    ['an unknown option', ['https://a.example', '--orgin', 'x'], /--orgin/],
    ['an unknown case', ['https://a.example', '--origin', 'https://a.example', '--case', 'x'], /x/],
    [
      'an unknown format',
      ['https://a.example', '--origin', 'https://a.example', '--format', 'xml'],
      /human, tap, json/,
    ],
    [
      'two ways to sign in',
      [
        'https://a.example',
        '--origin',
        'https://a.example',
        '--callback-command',
        'x',
        '--chromium',
        'y',
      ],
      /not both/,
    ],
  ])('%s is explained', async (_what, args, message) => {
    const { code, said } = await run([...args, '--yes'])
    expect(code).toBe(2)
    expect(said).toMatch(message)
  })

  test('it is a command of token-handler', async () => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
    expect(await runCommand(['conformance', '--help'], {})).toBe(0)
    const [[text] = []] = write.mock.calls
    write.mockRestore()
    expect(text).toContain('Usage: token-handler conformance')
  })

  test('help names every option', async () => {
    const { code, printed } = await run(['--help'])
    expect(code).toBe(0)
    for (const option of ['--origin', '--api', '--callback-command', '--chromium', '--format']) {
      expect(printed).toContain(option)
    }
  })
})

describe('a way to sign in that does not work', () => {
  test.each([
    ['fails', 'exit 3', 'ended with 3'],
    ['prints no callback URL', 'echo https://elsewhere.example/?code=1&state=2', 'has to print'],
  ])('a command that %s', async (_what, command, message) => {
    const { code, said } = await run([
      stack().urls.agent,
      '--origin',
      stack().urls.spa,
      '--yes',
      '--callback-command',
      command,
    ])
    expect(code).toBe(2)
    expect(said).toContain(message)
  })

  test('a browser that is not there', async () => {
    const { code, said } = await run([
      stack().urls.agent,
      '--origin',
      stack().urls.spa,
      '--yes',
      '--chromium',
      '/nowhere/chromium',
    ])
    expect(code).toBe(2)
    expect(said).toContain('--chromium cannot be started')
  })
})

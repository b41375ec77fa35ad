// The command line of `token-handler doctor`.
import { afterEach, expect, test, vi } from 'vitest'
import { run } from '../../src/cli/run.ts'
import { doctorCodes } from '../../src/doctor/finding.ts'
import { formatJson, formatReport } from '../../src/doctor/report.ts'

const print = vi.spyOn(console, 'log').mockImplementation(() => {})
const printError = vi.spyOn(console, 'error').mockImplementation(() => {})
afterEach(() => {
  vi.clearAllMocks()
})

test.each([
  [['https://api.example.com/oauth-agent'], '--origin'],
  [['nonsense', '--origin', 'https://www.example.com'], 'no http or https URL'],
  [['https://api.example.com', '--origin', 'https://www.example.com/'], 'no origin'],
  [['https://a.example', 'https://b.example'], 'one URL'],
  [['--planted'], '--planted'],
])('%j cannot be examined, which ends with 2', async (args, message) => {
  expect(await run(['doctor', ...args], {})).toBe(2)
  expect(print).not.toHaveBeenCalled()
  expect(String(printError.mock.lastCall)).toContain(message)
  expect(String(printError.mock.lastCall)).toContain('Usage: token-handler doctor')
})

test('help names every option', async () => {
  expect(await run(['doctor', '--help'], {})).toBe(0)
  for (const option of [
    '--config',
    '--origin',
    '--issuer',
    '--api',
    '--callback-command',
    '--json',
  ]) {
    expect(String(print.mock.lastCall)).toContain(option)
  }
})

test('mistakes of the configuration are findings, which end with 1', async () => {
  const environment = {
    TOKEN_HANDLER_TRUSTED_ORIGINS: 'https://www.example.com/',
    TOKEN_HANDLER_AGENT_PATH: '/oauth-agent/',
  }
  expect(await run(['doctor', '--json'], environment)).toBe(1)
  const { findings } = JSON.parse(String(print.mock.lastCall)) as {
    readonly findings: readonly { readonly code: string; readonly about: string }[]
  }
  expect(new Set(findings.map(({ code }) => code))).toEqual(new Set(['configuration_mistake']))
  const settings = findings.map(({ about }) => about).join('\n')
  expect(settings).toContain('TOKEN_HANDLER_TRUSTED_ORIGINS')
  expect(settings).toContain('TOKEN_HANDLER_AGENT_PATH')
})

test('a report names code, cause, mend and page', () => {
  const finding = {
    code: 'clock_off',
    about: 'here',
    cause: 'It is late.',
    mend: 'Go on.',
  } as const
  const report = { findings: [finding], notes: ['A note.'] }
  const text = formatReport(report)
  for (const part of ['clock_off', doctorCodes.clock_off, 'It is late.', 'Go on.', 'A note.']) {
    expect(text).toContain(part)
  }
  expect(text).toContain('/docs/errors/clock_off.md')
  expect(JSON.parse(formatJson(report))).toMatchObject({ findings: [finding] })
})

test('an empty report says so', () => {
  expect(formatReport({ findings: [], notes: [] })).toBe('✓ Nothing is wrong.')
})

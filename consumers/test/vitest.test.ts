// The guide "Testing", followed to the letter: its files, its configuration, and the packed packages.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createConsumer, pick, readGuide } from '../src/consumer.ts'
import type { Consumer, Files } from '../src/consumer.ts'

interface Report {
  readonly numPassedTests: number
  readonly numTotalTests: number
  readonly numTotalTestSuites: number
  readonly testResults: readonly { readonly name: string; readonly message: string }[]
}

async function runVitest(
  consumer: Consumer,
  config: string,
  ...filters: readonly string[]
): Promise<Report> {
  const parameters = [
    'run',
    ...filters,
    '--config',
    config,
    '--reporter=json',
    '--outputFile=report.json',
  ]
  const { output } = await consumer.run('vitest/vitest.mjs', parameters)
  const report = await readFile(join(consumer.folder, 'report.json'), 'utf8').catch(() => {
    throw new Error(output)
  })
  return JSON.parse(report) as Report
}

const messages = ({ testResults }: Report): readonly string[] =>
  testResults.map(({ message }) => message).filter((message) => message !== '')

async function readTestingGuide(): Promise<Files> {
  const { 'preview.ts': _storybook, ...files } = await readGuide('testing.md')
  return files
}

test('every test of the guide passes in jsdom, and its Playwright file is left alone', async () => {
  const consumer = await createConsumer('vitest-jsdom', await readTestingGuide())
  const report = await runVitest(consumer, 'vitest.config.ts')
  expect(messages(report)).toEqual([])
  expect(report).toMatchObject({ numPassedTests: 14, numTotalTests: 14 })
})

// Some of them: what differs between the two is the page, not what is tested.
test('tests of the guide pass in happy-dom, with the setting of the guide', async () => {
  const tools = await readGuide('tools.md')
  const config = 'vitest.happy-dom.config.ts'
  const files = { ...(await readTestingGuide()), ...pick(tools, config) }
  const consumer = await createConsumer('vitest-happy-dom', files)
  const report = await runVitest(consumer, config, 'orders.test', 'sign-in.test', 'expiry.test')
  expect(messages(report)).toEqual([])
  expect(report).toMatchObject({ numPassedTests: 5, numTotalTests: 5 })
})

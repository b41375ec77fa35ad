// Jest loads the packages and ends, with the settings of the guide.
import { expect, test } from 'vitest'
import { createConsumer, pick, readGuide } from '../src/consumer.ts'

test('the tests of the guide pass in Jest, as CommonJS and as ES modules, and Jest ends', async () => {
  const guide = await readGuide('tools.md')
  const consumer = await createConsumer('jest', {
    'package.json': '{}',
    ...pick(
      guide,
      'jest.config.cjs',
      'page-environment.mjs',
      'session.test.js',
      'session.test.mjs',
    ),
  })
  const { code, output } = await consumer.run('jest/bin/jest.js', [], ['--experimental-vm-modules'])
  expect(output).toContain('Tests:       4 passed, 4 total')
  expect(output).not.toContain('did not exit')
  expect(code).toBe(0)
})

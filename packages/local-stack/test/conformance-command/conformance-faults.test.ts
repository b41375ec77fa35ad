// `token-handler conformance` against agents with a fault.
import { expect, onTestFinished, test } from 'vitest'
import { cases, useConformanceCommand } from './conformance-command.ts'
import { changeSetCookies, startFaultyAgent } from './faulty-agent.ts'
import type { Fault } from './faulty-agent.ts'

const { stack, against, run } = useConformanceCommand()

const faults: readonly [string, string, Fault][] = [
  [
    'sets cookies that scripts can read',
    'cookie-attributes',
    changeSetCookies((line) => line.replace('; HttpOnly', '')),
  ],
  [
    'shows a token',
    'no-token-in-any-body',
    ({ headers, body }) => {
      const [token = ''] = [...stack().issuedSecrets()].filter((secret) => secret.startsWith('eyJ'))
      return { headers, body: body.replace('"sub":', `"token":"${token}","sub":`) }
    },
  ],
  [
    'answers in words of its own, with a token in them',
    'login-end-signs-in',
    ({ headers, body }) => {
      const [token = ''] = [...stack().issuedSecrets()].filter((secret) => secret.startsWith('eyJ'))
      return { headers, body: body.replace('"is_logged_in":true', `"token":"${token}"`) }
    },
  ],
]

test.each(faults)('that %s the exit code is 1, and the case %s is named', async (_, id, fault) => {
  const agent = await startFaultyAgent(stack().urls.handler, fault)
  onTestFinished(agent.stop)
  const { code, printed } = await run([
    ...against(`${agent.url}/oauth-agent`),
    ...cases(id),
    '--yes',
  ])
  expect(code).toBe(1)
  expect(printed).toContain('0 passed, 1 failed, 0 skipped')
  expect(printed.trimEnd()).toMatch(new RegExp(`\n  ${id}$`))
})

test('TAP says not ok, and what is wrong', async () => {
  const fault = changeSetCookies((line) => line.replace('; HttpOnly', ''))
  const agent = await startFaultyAgent(stack().urls.handler, fault)
  onTestFinished(agent.stop)
  const args = [...against(`${agent.url}/oauth-agent`), ...cases('cookie-attributes'), '--yes']
  const { printed } = await run([...args, '--format', 'tap'])
  expect(printed).toMatch(/^not ok 1 - cookie-attributes: /m)
  expect(printed).toMatch(/^  message: ".*prefix needs HttpOnly/m)
})

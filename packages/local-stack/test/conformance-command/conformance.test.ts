// `token-handler conformance` against an agent that keeps to the protocol.
import { expect, test } from 'vitest'
import { cases, nodeCommand, someCases, useConformanceCommand } from './conformance-command.ts'

const { stack, against, run } = useConformanceCommand()

const sound = (): readonly string[] => [...against(), '--api', `${stack().urls.api}/echo`, '--yes']

test('people read which cases passed, and why others were skipped', async () => {
  const { code, printed, said } = await run([...sound(), ...someCases])
  expect({ code, said }).toEqual({ code: 0, said: '' })
  expect(printed).toMatch(/^4 cases for http:\/\/api\.app\.localhost:\d+\/oauth-agent/)
  expect(printed).toContain('✓ A signed-in user reaches the API\n')
  expect(printed).toContain('skipped: this agent lacks: key-rotation, expire-access-token\n')
  expect(printed.trimEnd()).toMatch(/\n3 passed, 0 failed, 1 skipped$/)
})

test('programs read TAP', async () => {
  const { code, printed } = await run([...sound(), ...someCases, '--format', 'tap'])
  expect(code).toBe(0)
  expect(printed.trimEnd().split('\n')).toEqual([
    'TAP version 14',
    '1..4',
    expect.stringMatching(/^ok 1 - login-end-signs-in: /),
    expect.stringMatching(/^ok 2 - api-call-through-the-proxy: /),
    expect.stringMatching(/^ok 3 - authorization-error-is-relayed: /),
    expect.stringMatching(/^ok 4 - session-after-key-rotation: .* # SKIP this agent lacks: /),
  ])
})

test('programs read JSON', async () => {
  const { code, printed } = await run([...sound(), ...someCases, '--format', 'json'])
  expect(code).toBe(0)
  expect(JSON.parse(printed)).toMatchObject({
    agentUrl: stack().urls.agent,
    origin: stack().urls.spa,
    summary: { passed: 3, failed: 0, skipped: 1 },
    cases: expect.arrayContaining([
      expect.objectContaining({ id: 'login-end-signs-in', status: 'passed' }),
    ]),
  })
})

test('commands for expiry, the end of sessions and a second user make more cases possible', async () => {
  const post = (path: string): string =>
    nodeCommand('-e', `fetch('${stack().urls.control}${path}', { method: 'POST' })`)
  const { code, printed } = await run([
    ...sound(),
    '--expire-command',
    post('/expire-access-tokens'),
    '--end-session-command',
    post('/end-sessions'),
    '--stream',
    `${stack().urls.api}/events`,
    '--capability',
    'event-source',
    '--second-user',
    ...cases(
      'expiry-refresh-replay',
      'refresh-after-the-session-has-ended',
      'two-browsers-two-users',
      'event-source-needs-no-version-header',
      'api-receives-no-forged-header',
    ),
  ])
  expect(printed.trimEnd()).toMatch(/\n5 passed, 0 failed, 0 skipped$/)
  expect(code).toBe(0)
})

test('without a way to sign in, the cases that need none are run', async () => {
  const args = [stack().urls.agent, '--origin', stack().urls.spa, '--yes', ...someCases]
  const { code, printed } = await run([...args, ...cases('session-without-origin')])
  expect(code).toBe(0)
  expect(printed).toContain('skipped: signing in needs --callback-command or --chromium\n')
  expect(printed.trimEnd()).toMatch(/\n1 passed, 0 failed, 4 skipped$/)
})

test('no session is left behind at the authorization server', async () => {
  await run([...sound(), ...cases('login-end-signs-in')])
  const operations = stack()
    .agentCalls()
    .map(({ operation }) => operation)
  const count = (name: string): number => operations.filter((each) => each === name).length
  expect(count('logout')).toBe(count('endLogin'))
})

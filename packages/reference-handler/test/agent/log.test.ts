// What the log tells, and what it never does.
import { expect, it } from 'vitest'
import { createOAuthAgent } from '../../src/agent/oauth-agent.ts'
import { describeError, describeStack } from '../../src/agent/describe-error.ts'
import { createBrowser } from '../support/browser.ts'
import { createTestConfiguration, createWorld, findLeaks, signIn } from '../support/world.ts'

it('a sign-in, a refresh and a sign-out leave a line each, without a secret', async () => {
  const world = await createWorld()
  await signIn(world, world.browser)
  await world.browser.post('/refresh')
  await world.browser.post('/logout')
  const operations = world.lines.map(
    (line) => (JSON.parse(line) as { operation: string }).operation,
  )
  expect(operations).toEqual(['startLogin', 'endLogin', 'refresh', 'logout'])
})

it('a preflight of an untrusted origin leaves a line with the origin, and a trusted one none', async () => {
  const { browser, lines } = await createWorld()
  await browser.send('OPTIONS', '/session')
  expect(lines).toEqual([])
  await browser.send('OPTIONS', '/session', { headers: { origin: 'https://new.example' } })
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    expect.objectContaining({ operation: 'session', origin: 'https://new.example' }),
  ])
})

it('the search for secrets finds one that was planted', async () => {
  const { answers, browser, lines, server } = await createWorld()
  await browser.post('/login/start')
  const [cookie = ''] = browser.cookies.values()
  expect(findLeaks({ answers, server, lines })).toEqual([])
  expect(findLeaks({ answers, server, lines: [...lines, `leaked ${cookie}`] })).toEqual([cookie])
})

it('an answer of the authorization server is never quoted', async () => {
  const world = await createWorld()
  await signIn(world, world.browser)
  const quoting: [number, string][] = [
    [200, '{"access_token":"confidential'],
    [200, 'confidential'],
    [200, '{"access_token":"confidential"}'],
    [400, '{"error":"confidential token","error_description":"confidential"}'],
    [400, '{"error":"invalid_scope","error_description":"confidential"}'],
    [500, 'confidential'],
  ]
  for (const [status, body] of quoting) {
    const headers = { 'content-type': 'application/json' }
    world.server.override('token', () => new Response(body, { status, headers }))
    await world.browser.post('/refresh')
  }
  expect(world.lines.filter((line) => line.includes('refresh'))).toHaveLength(quoting.length)
  expect(world.lines.join()).not.toContain('confidential')
  expect(world.answers.map(({ text }) => text).join()).not.toContain('confidential')
})

it.each([
  ['a bare token', (token: string) => token],
  ['JSON', (token: string) => JSON.stringify({ code: token, state: token })],
])('a body that is %s in place of a form is not quoted', async (_, write) => {
  const world = await createWorld()
  const token = 'a'.repeat(43)
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  for (const path of ['/login/start', '/login/end', '/refresh']) {
    const answer = await world.browser.send('POST', path, { headers, body: write(token) })
    expect(answer.status).toBe(400)
    expect(answer.text).not.toContain(token)
  }
  expect(world.lines).toHaveLength(3)
  expect(world.lines.join()).not.toContain(token)
})

it('a failed call tells its chain of causes by name and code', () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
  const failed = new TypeError('fetch failed', { cause: refused })
  expect(describeError(failed)).toEqual([
    { name: 'TypeError' },
    { name: 'Error', code: 'ECONNREFUSED' },
  ])
})

it('the place of a fault without a message is told all the same', () => {
  expect(describeStack(new Error())).toContain('log.test.ts')
})

it('an unexpected fault is answered with 500 and logged with its stack, not its message', async () => {
  const lines: string[] = []
  const record = (fields: object) => {
    lines.push(JSON.stringify(fields))
  }
  const log = { debug: record, info: record, warn: record, error: record }
  const brokenClock = () => {
    throw new Error('confidential')
  }
  const configuration = { ...createTestConfiguration(), exposeErrorDetails: false }
  const ports = { fetch, now: brokenClock, log }
  const browser = createBrowser(createOAuthAgent(configuration, ports), () => undefined)
  const answer = await browser.get('/session')
  expect(answer).toMatchObject({ status: 500, text: '{"error_code":"server_error"}' })
  expect(lines.join()).toContain('brokenClock')
  expect(lines.join()).not.toContain('confidential')
})

// Starting and stopping the local stack, and the secrets it keeps track of.
import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { PortTakenError, startLocalStack } from '../src/index.ts'
import { close, listen } from '../src/listening.ts'
import { findFreePorts } from '../../reference-handler/test/support/free-port.ts'
import { freePorts, useLocalStack } from './local-stack-fixture.ts'

const start = useLocalStack()

test('every secret of a session is known, and none is logged', async () => {
  const { stack, page, log } = await start()
  const { url } = await page.logIn()
  await page.api('/orders')
  await page.call('POST', '/refresh')

  const secrets = [...stack.issuedSecrets()]
  const written = log()
  expect(written).toContain('/oauth-agent/login/end')
  // Client secret, cookie secret, login cookie, code, verifier and ID token; and twice over, for the
  // login and for the refresh: access token, refresh token, proxy cookie and session cookie.
  expect(secrets).toHaveLength(14)
  expect(secrets).toContain(url.searchParams.get('code'))
  for (const value of page.cookieValues()) expect(secrets).toContain(value)
  for (const secret of secrets) expect(written).not.toContain(secret)
})

test('the handler’s configuration can be changed before it starts', async () => {
  const { stack, page } = await start({ configure: (given) => ({ ...given, agentPath: '/bff' }) })

  expect(stack.urls.agent).toMatch(/\/bff$/)
  expect((await page.call('GET', '/session')).status).toBe(200)
})

test.for([
  ['handler', 'the handler'],
  ['authorizationServer', 'the authorization server'],
  ['api', 'the demo API'],
  ['control', 'the control server'],
] as const)(
  'a port for %s that is taken is named, and no other stays taken',
  async ([option, service]) => {
    const [handler = 0, authorizationServer = 0, api = 0, control = 0] = await findFreePorts(4)
    const ports = { spa: 0, handler, authorizationServer, api, control }
    const port = ports[option]
    const other = createServer()
    await listen(other, { port, service: 'another program', option: 'none' })

    const starting = startLocalStack({ ports })

    await expect(starting).rejects.toThrow(
      `Port ${port} is taken by another program, and ${service} needs it. Stop that program, or choose another port with the option ports.${option} (0 takes any free one).`,
    )
    await expect(starting).rejects.toBeInstanceOf(PortTakenError)
    await close(other)
    const { stack } = await start({ ports })
    expect(stack.urls.control).toBe(`http://127.0.0.1:${ports.control}`)
  },
)

test('a program that has stopped its stacks ends by itself, and has printed nothing', async () => {
  const program = `
    import { startLocalStack } from '@token-handler/local-stack'
    import { openPage } from './test/spa-page.ts'
    for (const round of [1, 2]) {
      const stack = await startLocalStack({
        ports: ${JSON.stringify(freePorts)},
        log: { level: 'error' },
      })
      const page = openPage(stack)
      await page.logIn()
      const { status } = await page.api('/orders')
      if (status !== 200) throw new Error(\`The API answered \${status}.\`)
      await page.events('/events')
      await stack.stop()
      await stack.stop()
    }`
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@token-handler/source', '--input-type=module', '--eval', program],
    { cwd: new URL('..', import.meta.url), timeout: 25_000 },
  )

  expect(stdout + stderr).toBe('')
}, 30_000)

// The command `token-handler`, run as a process of its own.
import { once } from 'node:events'
import { createServer, Server } from 'node:http'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { run } from '../../src/cli/run.ts'
import { variables } from '../../src/configuration/environment-variables.ts'
import { validInput } from '../configuration/valid-configuration.ts'
import { startCommand } from '../support/command.ts'

const goodEnvironment = {
  TOKEN_HANDLER_ISSUER: validInput.authorizationServer.issuer,
  TOKEN_HANDLER_CLIENT_ID: validInput.client.id,
  TOKEN_HANDLER_CLIENT_SECRET: validInput.client.secret,
  TOKEN_HANDLER_REDIRECT_URI: validInput.client.redirectUri,
  TOKEN_HANDLER_COOKIE_SECRETS: validInput.cookies.secrets.join(','),
  TOKEN_HANDLER_TRUSTED_ORIGINS: validInput.trustedOrigins.join(','),
}

/** Starts the command, which ends with the test. */
function start(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const command = startCommand(args, environment)
  onTestFinished(command.stop)
  return command
}

const print = vi.spyOn(console, 'log').mockImplementation(() => {})
const printError = vi.spyOn(console, 'error').mockImplementation(() => {})
afterEach(() => {
  vi.clearAllMocks()
})

describe('token-handler', () => {
  it('explains every option and every environment variable', async () => {
    expect(await run(['--help'], {})).toBe(0)
    const text = String(print.mock.lastCall)
    expect(text).toContain('token-handler serve')
    expect(variables.filter(({ name }) => !text.includes(name))).toEqual([])
  })

  it('tells its version', async () => {
    expect(await run(['--version'], {})).toBe(0)
    expect(print.mock.lastCall).toEqual([expect.stringMatching(/^\d+\.\d+\.\d+/)])
  })

  it.each([[[]], [['start']], [['serve', 'more']], [['serve', '--prot', '1']]])(
    'says what it can do when it is told %j',
    async (args) => {
      expect(await run(args, goodEnvironment)).toBe(1)
      expect(print).not.toHaveBeenCalled()
      expect(String(printError.mock.lastCall)).toMatch(/token-handler serve|--prot/)
    },
  )
})

// Processes take their time to start where many start at once.
describe('token-handler serve', { timeout: 30_000 }, () => {
  it('names the mistakes of its configuration on stderr alone, without a stack', async () => {
    const { code, stdout, stderr } = await start(['serve'], {
      ...goodEnvironment,
      TOKEN_HANDLER_COOKIE_SECRETS: 'planted-secret',
      TOKEN_HANDLER_ISSUER: 'http://login.idp.example',
    }).ended
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('The configuration has 2 mistakes:')
    expect(stderr).toContain('TOKEN_HANDLER_ISSUER')
    expect(stderr).not.toContain('planted-secret')
    expect(stderr).not.toContain('    at ')
  })

  it.each(['', 'http', '80 '])('does not take %j for a port', async (port) => {
    expect(await run(['serve', '--port', port], goodEnvironment)).toBe(1)
    expect(String(printError.mock.lastCall)).toContain('TOKEN_HANDLER_PORT) must be a number')
  })

  it('does not start with a private key that cannot sign', async () => {
    const { TOKEN_HANDLER_CLIENT_SECRET: _unused, ...environment } = goodEnvironment
    const { code, stdout, stderr } = await start(['serve', '--port', '0'], {
      ...environment,
      TOKEN_HANDLER_CLIENT_AUTHENTICATION: 'private_key_jwt',
      TOKEN_HANDLER_CLIENT_PRIVATE_KEY: '{"kty":"EC","alg":"ES256","d":"planted-secret"}',
    }).ended
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(
      /^The configuration has a mistake:\n {2}client\.privateKey \(TOKEN_HANDLER_CLIENT_PRIVATE_KEY\) cannot sign[^\n]*\n {2}More: https:\S+configuration_mistake\.md\n$/,
    )
  })

  it('listens for signals before anybody can know that it serves', async () => {
    const signals = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const
    const countListeners = () => signals.map((signal) => process.listenerCount(signal))
    const before = countListeners()
    let during: readonly number[] = []
    const listen = vi.spyOn(Server.prototype, 'listen').mockImplementation(() => {
      during = countListeners()
      throw new Error('It does not listen at all.')
    })
    onTestFinished(() => listen.mockRestore())
    const environment = { ...goodEnvironment, TOKEN_HANDLER_LOG_LEVEL: 'silent' }
    await expect(run(['serve', '--port', '0'], environment)).rejects.toThrow('does not listen')
    expect(during).toEqual(before.map((count) => count + 1))
    expect(countListeners()).toEqual(before)
  })

  it('serves until it is asked to end', async () => {
    const { ended, printed, signal } = start(['serve', '--port', '0'], goodEnvironment)
    const address = await printed(/http:\/\/127\.0\.0\.1:\d+/)
    expect(await (await fetch(`${address}/health`)).json()).toEqual({ status: 'ok' })
    signal('SIGTERM')
    expect((await ended).code).toBe(0)
  })

  it('reads the cookie secrets again when it is told to', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'token-handler-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const file = join(folder, 'secrets')
    const [secret = ''] = validInput.cookies.secrets
    await writeFile(file, secret)
    const { TOKEN_HANDLER_COOKIE_SECRETS: _unused, ...environment } = goodEnvironment
    const { ended, printed, signal } = start(['serve', '--port', '0'], {
      ...environment,
      TOKEN_HANDLER_COOKIE_SECRETS_FILE: file,
    })
    await printed(/Server listening/)
    await writeFile(file, `${'1'.repeat(32)}\n${secret}`)
    signal('SIGHUP')
    expect(await printed(/.*cookie secrets reloaded/)).toContain('"secrets":2')
    signal('SIGTERM')
    const { code, stdout } = await ended
    expect(code).toBe(0)
    expect(stdout).not.toContain(secret)
  })

  it('says which port is taken, and what to do', async () => {
    const other = createServer()
    await once(other.listen(0, '127.0.0.1'), 'listening')
    const address = other.address()
    const port = typeof address === 'object' && address !== null ? String(address.port) : ''
    const { code, stderr } = await start(['serve', '--port', port], goodEnvironment).ended
    other.close()
    expect(code).toBe(1)
    expect(stderr).toBe(
      `Port ${port} is taken by another program, and the handler needs it. Stop that program, or choose another port with --port or TOKEN_HANDLER_PORT (0 takes any free one).\n`,
    )
  })
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { run } from '../../src/cli/run.ts'
import { variables } from '../../src/configuration/environment-variables.ts'
import { validInput } from '../configuration/valid-configuration.ts'

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

const goodEnvironment = {
  TOKEN_HANDLER_ISSUER: validInput.authorizationServer.issuer,
  TOKEN_HANDLER_CLIENT_ID: validInput.client.id,
  TOKEN_HANDLER_CLIENT_SECRET: validInput.client.secret,
  TOKEN_HANDLER_REDIRECT_URI: validInput.client.redirectUri,
  TOKEN_HANDLER_COOKIE_SECRETS: validInput.cookies.secrets.join(','),
  TOKEN_HANDLER_TRUSTED_ORIGINS: validInput.trustedOrigins.join(','),
}

/** Starts the command as a process of its own. */
function start(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const { PATH = '' } = process.env
  const child = spawn(process.execPath, ['--conditions=@token-handler/source', main, ...args], {
    env: { PATH, ...environment },
  })
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => (output.stdout += String(chunk)))
  child.stderr.on('data', (chunk) => (output.stderr += String(chunk)))
  return {
    child,
    output,
    ended: once(child, 'close').then(([code]) => ({ code: Number(code), ...output })),
  }
}

describe('token-handler', () => {
  const print = vi.spyOn(console, 'log').mockImplementation(() => {})
  const printError = vi.spyOn(console, 'error').mockImplementation(() => {})
  afterEach(() => {
    vi.clearAllMocks()
  })

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

describe('token-handler serve', () => {
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

  it('serves until it is asked to end', async () => {
    const { child, ended } = start(['serve', '--port', '0'], goodEnvironment)
    let text = ''
    for await (const chunk of child.stdout) {
      text += String(chunk)
      if (text.includes('Server listening')) break
    }
    const address = /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0]
    expect(await (await fetch(`${address}/health`)).json()).toEqual({ status: 'ok' })
    child.kill('SIGTERM')
    expect((await ended).code).toBe(0)
  })

  it('reads the cookie secrets again when it is told to', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'token-handler-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const file = join(folder, 'secrets')
    const [secret = ''] = validInput.cookies.secrets
    await writeFile(file, secret)
    const { TOKEN_HANDLER_COOKIE_SECRETS: _unused, ...environment } = goodEnvironment
    const { child, ended } = start(['serve', '--port', '0'], {
      ...environment,
      TOKEN_HANDLER_COOKIE_SECRETS_FILE: file,
    })
    for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
      if (String(chunk).includes('Server listening')) break
    }
    await writeFile(file, `${'1'.repeat(32)}\n${secret}`)
    child.kill('SIGHUP')
    let log = ''
    for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
      log += String(chunk)
      if (log.includes('cookie secrets reloaded')) break
    }
    expect(log).toContain('"secrets":2')
    expect(log).not.toContain(secret)
    child.kill('SIGTERM')
    expect((await ended).code).toBe(0)
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

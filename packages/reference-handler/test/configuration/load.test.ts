import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { loadConfiguration } from '../../src/configuration/load.ts'
import { findRelaxations } from '../../src/configuration/relaxations.ts'
import { parseConfiguration } from '../../src/configuration/parse.ts'
import { validInput } from './valid-configuration.ts'

const folder = mkdtempSync(join(tmpdir(), 'token-handler-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

function writeFile(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

describe('loadConfiguration', () => {
  it('lets the environment win over the file, and the command line over both', () => {
    const file = writeFile(
      'good.json',
      JSON.stringify({ ...validInput, server: { port: 1, host: '127.0.0.2', logLevel: 'warn' } }),
    )
    const configuration = loadConfiguration({
      file,
      environment: { TOKEN_HANDLER_PORT: '2', TOKEN_HANDLER_HOST: '127.0.0.3' },
      settings: [{ path: ['server', 'port'], value: 3 }],
    })
    expect(configuration.server).toMatchObject({ port: 3, host: '127.0.0.3', logLevel: 'warn' })
  })

  it('needs no file', () => {
    const configuration = loadConfiguration({
      environment: {
        TOKEN_HANDLER_ISSUER: validInput.authorizationServer.issuer,
        TOKEN_HANDLER_CLIENT_ID: 'spa',
        TOKEN_HANDLER_CLIENT_SECRET: 'secret',
        TOKEN_HANDLER_REDIRECT_URI: validInput.client.redirectUri,
        TOKEN_HANDLER_COOKIE_SECRETS: validInput.cookies.secrets.join(','),
        TOKEN_HANDLER_TRUSTED_ORIGINS: validInput.trustedOrigins.join(','),
        TOKEN_HANDLER_ROUTES: '/api=http://127.0.0.1:3002',
      },
    })
    expect(configuration.routes).toMatchObject([{ path: '/api' }])
  })

  it('names the mistakes of environment and configuration together', () => {
    expect(() => loadConfiguration({ environment: { TOKEN_HANDLER_SECRET: 'x' } })).toThrow(
      /TOKEN_HANDLER_SECRET is not a setting[^]*client\.id \(TOKEN_HANDLER_CLIENT_ID\) is missing/,
    )
  })

  it('says which file cannot be read', () => {
    const file = join(folder, 'absent.json')
    expect(() => loadConfiguration({ file, environment: {} })).toThrow(`${file} cannot be read`)
  })

  it('says where a file is no JSON, without quoting it', () => {
    const file = writeFile('bad.json', '{\n  "cookies": { "secrets": ["planted-secret" }\n}')
    expect(() => loadConfiguration({ file, environment: {} })).toThrow(
      `${file} is not valid JSON at line 2 column 45; correct it`,
    )
    expect(() => loadConfiguration({ file, environment: {} })).not.toThrow(/planted-secret/)
  })
})

describe('findRelaxations', () => {
  it('finds nothing in the defaults', () => {
    expect(findRelaxations(parseConfiguration(validInput))).toEqual([])
  })

  it('says of each weaker setting what it loses', () => {
    const relaxations = findRelaxations(
      parseConfiguration({
        ...validInput,
        cookies: { ...validInput.cookies, prefix: 'th', domain: 'app.example', secure: false },
        exposeErrorDetails: true,
      }),
    )
    expect(relaxations.map(({ setting }) => setting)).toEqual([
      'cookies.secure',
      'cookies.domain',
      'cookies.prefix',
      'exposeErrorDetails',
    ])
  })
})

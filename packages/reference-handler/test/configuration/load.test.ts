// Configuration from file, environment and command line, and which of them wins.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { loadDeployment } from '../../src/configuration/load.ts'
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

describe('loadDeployment', () => {
  it('lets the environment win over the file, and the command line over both', () => {
    const file = writeFile(
      'good.json',
      JSON.stringify({ ...validInput, server: { port: 1, host: '127.0.0.2', logLevel: 'warn' } }),
    )
    const { configuration } = loadDeployment({
      file,
      environment: { TOKEN_HANDLER_PORT: '2', TOKEN_HANDLER_HOST: '127.0.0.3' },
      settings: [{ path: ['server', 'port'], value: 3 }],
    })
    expect(configuration.server).toMatchObject({ port: 3, host: '127.0.0.3', logLevel: 'warn' })
  })

  it('needs no file', () => {
    const { configuration } = loadDeployment({
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
    expect(configuration).toMatchObject({ routes: [{ path: '/api' }] })
  })

  it('names the mistakes of environment and configuration together', () => {
    expect(() => loadDeployment({ environment: { TOKEN_HANDLER_SECRET: 'x' } })).toThrow(
      /TOKEN_HANDLER_SECRET is not a setting[^]*client\.id \(TOKEN_HANDLER_CLIENT_ID\) is missing/,
    )
  })

  it('reads several tenants from a file, and their server from everywhere', () => {
    const tenant = { ...validInput, host: 'api.app.example' }
    const file = writeFile('tenants.json', JSON.stringify({ tenants: [tenant] }))
    const environment = { TOKEN_HANDLER_PORT: '2' }
    expect(loadDeployment({ file, environment })).toMatchObject({
      kind: 'tenants',
      configuration: { server: { port: 2 }, tenants: [{ host: 'api.app.example' }] },
    })
    expect(() => loadDeployment({ file, environment: { TOKEN_HANDLER_SCOPE: 'x' } })).toThrow(
      'TOKEN_HANDLER_SCOPE cannot say for which tenant; remove it',
    )
  })

  it('says which file cannot be read', () => {
    const file = join(folder, 'absent.json')
    expect(() => loadDeployment({ file, environment: {} })).toThrow(`${file} cannot be read`)
  })

  it.each(['[]', '"text"', 'null'])('says which file holds no settings but %s', (text) => {
    const file = writeFile('odd.json', text)
    expect(() => loadDeployment({ file, environment: { TOKEN_HANDLER_PORT: '1' } })).toThrow(
      `${file} must hold a JSON object`,
    )
  })

  it('says where a file is no JSON, without quoting it', () => {
    const file = writeFile('bad.json', '{\n  "cookies": { "secrets": ["planted-secret" }\n}')
    expect(() => loadDeployment({ file, environment: {} })).toThrow(
      `${file} is not valid JSON at line 2 column 45; correct it`,
    )
    expect(() => loadDeployment({ file, environment: {} })).not.toThrow(/planted-secret/)
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
        authorizationServer: { ...validInput.authorizationServer, assumesS256: true },
        cookies: { ...validInput.cookies, prefix: 'th', domain: 'app.example', secure: false },
        client: { ...validInput.client, idTokenHint: true },
        exposeErrorDetails: true,
      }),
    )
    expect(relaxations.map(({ setting }) => setting)).toEqual([
      'cookies.secure',
      'cookies.domain',
      'cookies.prefix',
      'authorizationServer.assumesS256',
      'client.idTokenHint',
      'exposeErrorDetails',
    ])
  })
})

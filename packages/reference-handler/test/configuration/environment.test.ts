// The environment variables: one for every setting, and what each of them means.
import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { variables } from '../../src/configuration/environment-variables.ts'
import { readEnvironment } from '../../src/configuration/environment.ts'
import { configurationSchema } from '../../src/configuration/schema.ts'

const noFiles = (path: string): string => {
  throw new Error(`There is no ${path}.`)
}

/** The paths of all settings, sections taken apart, lists not. */
function listSettings(schema: z.core.$ZodType, path: readonly string[] = []): string[] {
  if (schema instanceof z.ZodMiniDefault || schema instanceof z.ZodMiniPrefault) {
    return listSettings(schema.def.innerType, path)
  }
  if (!(schema instanceof z.ZodMiniObject)) return [path.join('.')]
  return Object.entries(schema.def.shape).flatMap(([name, member]) =>
    listSettings(member, [...path, name]),
  )
}

describe('the table of environment variables', () => {
  it('has one variable for every setting, and no other', () => {
    const paths = variables.map(({ path }) => path.join('.'))
    expect(paths.sort()).toEqual(listSettings(configurationSchema).sort())
  })

  it('names each variable once, with the common prefix', () => {
    const names = variables.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(names.filter((name) => !/^TOKEN_HANDLER_[A-Z\d_]+$/.test(name))).toEqual([])
  })
})

describe('readEnvironment', () => {
  it('leaves alone what Kubernetes sets for a Service that is called token-handler', () => {
    const serviceLinks = {
      TOKEN_HANDLER_SERVICE_HOST: '10.0.0.7',
      TOKEN_HANDLER_SERVICE_PORT: '3000',
      TOKEN_HANDLER_SERVICE_PORT_HTTP: '3000',
      TOKEN_HANDLER_PORT: 'tcp://10.0.0.7:3000',
      TOKEN_HANDLER_PORT_3000_TCP: 'tcp://10.0.0.7:3000',
      TOKEN_HANDLER_PORT_3000_TCP_PROTO: 'tcp',
      TOKEN_HANDLER_PORT_3000_TCP_PORT: '3000',
      TOKEN_HANDLER_PORT_3000_TCP_ADDR: '10.0.0.7',
    }
    expect(readEnvironment(serviceLinks, noFiles)).toEqual({ settings: [], mistakes: [] })
  })

  it('reads every other variable also where its value looks like a Service', () => {
    const { settings } = readEnvironment({ TOKEN_HANDLER_ISSUER: 'tcp://10.0.0.7:3000' }, noFiles)
    expect(settings.map(({ value }) => value)).toEqual(['tcp://10.0.0.7:3000'])
  })

  it.each([
    ['TOKEN_HANDLER_ISSUER', 'https://idp.example', 'https://idp.example'],
    ['TOKEN_HANDLER_PORT', '8080', 8080],
    ['TOKEN_HANDLER_PORT', 'eighty', 'eighty'],
    ['TOKEN_HANDLER_PORT', ' ', ' '],
    ['TOKEN_HANDLER_PORT', '-1', -1],
    ['TOKEN_HANDLER_REFRESH_FRESH_FOR', '0.5', 0.5],
    ['TOKEN_HANDLER_COOKIE_SECURE', 'false', false],
    ['TOKEN_HANDLER_COOKIE_SECURE', 'true', true],
    ['TOKEN_HANDLER_COOKIE_SECURE', 'no', 'no'],
    [
      'TOKEN_HANDLER_TRUSTED_ORIGINS',
      'https://a.example, https://b.example,',
      ['https://a.example', 'https://b.example'],
    ],
    [
      'TOKEN_HANDLER_ROUTES',
      '/api=http://127.0.0.1:1,/b=http://c/d=e',
      [
        { path: '/api', upstream: 'http://127.0.0.1:1' },
        { path: '/b', upstream: 'http://c/d=e' },
      ],
    ],
    [
      'TOKEN_HANDLER_ROUTES',
      '[{"path":"/api","methods":["GET"]}]',
      [{ path: '/api', methods: ['GET'] }],
    ],
    ['TOKEN_HANDLER_ROUTES', '[{"path"', '[{"path"'],
  ])('reads %s=%s', (name, text, value) => {
    const { settings, mistakes } = readEnvironment({ [name]: text }, noFiles)
    expect(mistakes).toEqual([])
    expect(settings.map((setting) => setting.value)).toEqual([value])
  })

  it('takes an empty variable as not set, and leaves the variables of others alone', () => {
    expect(readEnvironment({ TOKEN_HANDLER_SCOPE: '', HOME: '/root' }, noFiles)).toEqual({
      settings: [],
      mistakes: [],
    })
  })

  it('reads secrets from files, one in a line', () => {
    const files: Record<string, string> = {
      '/run/client': 'secret\n',
      '/run/cookies': 'new\nold\n',
    }
    const { settings } = readEnvironment(
      {
        TOKEN_HANDLER_CLIENT_SECRET_FILE: '/run/client',
        TOKEN_HANDLER_COOKIE_SECRETS_FILE: '/run/cookies',
      },
      (path) => files[path] ?? noFiles(path),
    )
    expect(settings).toEqual([
      { path: ['client', 'secret'], value: 'secret' },
      { path: ['cookies', 'secrets'], value: ['new', 'old'] },
    ])
  })

  it.each([
    ['TOKEN_HANDLER_ISSUR', { TOKEN_HANDLER_ISSUR: 'x' }, /is not a setting.*--help/],
    ['TOKEN_HANDLER_ISSUER_FILE', { TOKEN_HANDLER_ISSUER_FILE: '/x' }, /is not a setting/],
    [
      'TOKEN_HANDLER_CLIENT_SECRET_FILE',
      { TOKEN_HANDLER_CLIENT_SECRET_FILE: '/nowhere' },
      /\/nowhere.*cannot be read/,
    ],
    [
      'TOKEN_HANDLER_CLIENT_SECRET',
      { TOKEN_HANDLER_CLIENT_SECRET: 'a', TOKEN_HANDLER_CLIENT_SECRET_FILE: '/x' },
      /keep one of them/,
    ],
  ])('objects to %s where it is of no use', (setting, environment, message) => {
    const { mistakes } = readEnvironment(environment, noFiles)
    expect(mistakes).toEqual([{ setting, message: expect.stringMatching(message) }])
  })
})

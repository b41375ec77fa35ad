// Which options are usable, and what they become.
import { tokenHandler1 } from '@token-handler/contract'
import { describe, expect, it } from 'vitest'
import { isDevelopment } from '../src/development.ts'
import { createTokenHandlerClient } from '../src/index.ts'
import { readOptions } from '../src/options.ts'

const required = { agentUrl: 'https://api.example.com/oauth-agent', apiUrls: [] }
const pageUrl = 'https://www.example.com/app/orders'

describe('options', () => {
  it('are completed with the defaults', () => {
    expect(readOptions(required, pageUrl)).toEqual({
      agentUrl: 'https://api.example.com/oauth-agent',
      apiUrls: [],
      callbackPath: undefined,
      basePath: '/',
      loggedInFlag: true,
      signedOutMaxAge: 300,
      keepAlive: 'off',
      sessionExpiringBefore: 120,
      profile: tokenHandler1,
    })
  })

  it('may have URLs relative to the page', () => {
    const { agentUrl, apiUrls } = readOptions({ agentUrl: '/agent/', apiUrls: ['../api'] }, pageUrl)
    expect(agentUrl).toBe('https://www.example.com/agent')
    expect(apiUrls.map(String)).toEqual(['https://www.example.com/api'])
  })

  // As `location.pathname` has them, with which they are compared.
  it.each([
    ['/café', '/caf%C3%A9'],
    ['/caf%C3%A9', '/caf%C3%A9'],
    ['/a b', '/a%20b'],
    ['/app/', '/app/'],
    ['/app/./here/../callback', '/app/callback'],
    ['/', '/'],
  ])('have paths as the address bar has them: %s', (path, expected) => {
    const settings = readOptions({ ...required, basePath: path, callbackPath: path }, pageUrl)
    expect(settings).toMatchObject({ basePath: expected, callbackPath: expected })
  })

  it.each([
    ['agentUrl', { agentUrl: 'https://' }],
    ['agentUrl', { agentUrl: 'ftp://api.example.com' }],
    ['agentUrl', { agentUrl: 'https://api.example.com/agent?x=1' }],
    ['agentUrl', { agentUrl: 'https://user:secret@api.example.com/agent' }],
    ['apiUrls', { apiUrls: ['https://api.example.com/#x'] }],
    ['apiUrls', { apiUrls: ['javascript:alert(1)'] }],
    ['callbackPath', { callbackPath: 'callback' }],
    ['callbackPath', { callbackPath: 'https://www.example.com/callback' }],
    ['callbackPath', { callbackPath: '//evil.example' }],
    ['callbackPath', { callbackPath: '/callback?x=1' }],
    ['callbackPath', { callbackPath: '/.//evil.example' }],
    ['basePath', { basePath: '/app/..//evil.example' }],
    ['basePath', { basePath: '/\t/evil.example' }],
    ['basePath', { basePath: '/\\evil.example' }],
    ['basePath', { basePath: '' }],
    ['signedOutMaxAge', { signedOutMaxAge: -1 }],
    ['signedOutMaxAge', { signedOutMaxAge: Number.NaN }],
  ])('are refused with the name of %s: %j', (name, wrong) => {
    const read = () => readOptions({ ...required, ...wrong }, pageUrl)
    expect(read).toThrow(isDevelopment ? `Option ${name} must be` : `Option ${name}`)
  })
})

it('needs nothing where agent and APIs are on the origin of the page', () => {
  const settings = readOptions({}, 'https://www.example.com/app/?x=1')
  expect(settings.agentUrl).toBe('https://www.example.com/oauth-agent')
  expect(settings.apiUrls.map(String)).toEqual(['https://www.example.com/api/'])
  expect(createTokenHandlerClient().getSnapshot()).toEqual({ status: 'loading' })
})

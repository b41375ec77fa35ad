// Which requests are for the APIs, look-alikes included.
import { describe, expect, it } from 'vitest'
import { isApiUrl } from '../../src/fetch/api-urls.ts'

const apiUrls = [
  new URL('https://api.example.com/api/'),
  new URL('https://api.example.com/graphql'),
  new URL('https://files.example.com/'),
]
const agentUrl = new URL('https://files.example.com/oauth-agent')
const isApi = (url: string) => isApiUrl(new URL(url), apiUrls, agentUrl)

describe('a request to an API', () => {
  it.each([
    'https://api.example.com/api/',
    'https://api.example.com/api',
    'https://api.example.com/api/orders?page=2#top',
    'https://API.EXAMPLE.COM:443/api/orders',
    'https://api.example.com/graphql',
    'https://api.example.com/graphql?query=q',
    'https://api.example.com/other/../api/orders',
    'https://files.example.com/anything',
  ])('%s is recognised', (url) => {
    expect(isApi(url)).toBe(true)
  })
})

describe('a request elsewhere', () => {
  it.each([
    'http://api.example.com/api/',
    'https://api.example.com:8443/api/',
    'https://api.example.com/apis',
    'https://api.example.com/api-2/orders',
    'https://api.example.com/api%2Forders',
    'https://api.example.com/API/orders',
    'https://api.example.com/graphql2',
    'https://api.example.com/',
    'https://api.example.com/api/../admin',
    'https://api.example.com/api/%2e%2e/admin',
    'https://evil.example\\@api.example.com/api/',
    'https://api.example.com.evil.example/api/',
    'https://api.example.com@evil.example/api/',
    'https://evil.example/https://api.example.com/api/',
    'https://evil.example/?https://api.example.com/api/',
    'https://xn--pi-8kc.example.com/api/',
    'blob:https://files.example.com/7d5f2a0c',
    'data:text/plain,https://api.example.com/api/',
    'wss://api.example.com/api/',
  ])('%s gets no cookies and no header', (url) => {
    expect(isApi(url)).toBe(false)
  })
})

describe('a request to the agent itself', () => {
  it.each([
    'https://files.example.com/oauth-agent',
    'https://files.example.com/oauth-agent/session',
    'https://files.example.com/x/../oauth-agent/refresh',
  ])('%s is none to an API', (url) => {
    expect(isApi(url)).toBe(false)
  })

  it('is one to an API when the app names that endpoint, and no other', () => {
    const userInfo = new URL('https://files.example.com/oauth-agent/userInfo')
    expect(isApiUrl(userInfo, [userInfo], agentUrl)).toBe(true)
    expect(isApiUrl(new URL(`${agentUrl.href}/refresh`), [userInfo], agentUrl)).toBe(false)
    expect(isApiUrl(new URL(`${agentUrl.href}/refresh`), [agentUrl], agentUrl)).toBe(false)
  })
})

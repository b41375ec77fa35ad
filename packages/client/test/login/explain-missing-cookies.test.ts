// What a page can tell of the reason why there are no cookies.
import { expect, it } from 'vitest'
import { TokenHandlerError } from '../../src/errors.ts'
import { explainMissingCookies } from '../../src/login/explain-missing-cookies.ts'
import { expectAdvice } from '../support/expect-advice.ts'

it.each([
  [
    'an agent without TLS',
    'https://www.example.com/',
    'http://api.example.com/a',
    'not served over https',
  ],
  [
    'a page without TLS',
    'http://www.example.com/',
    'https://api.example.com/a',
    'differ in their scheme',
  ],
  ['two sites', 'https://www.example.com/', 'https://api.example.net/a', 'share no parent domain'],
  [
    'two names of localhost',
    'http://www.app.localhost:5173/',
    'http://api.other.localhost:3000/a',
    'share no parent domain',
  ],
  ['one site', 'https://www.example.com/', 'https://api.example.com/a', 'in the developer tools'],
  [
    'one site on this machine',
    'http://www.app.localhost:5173/',
    'http://api.app.localhost:3000/a',
    'in the developer tools',
  ],
  [
    'two names of this machine',
    'http://localhost:5173/',
    'http://127.0.0.1:3000/oauth-agent',
    'share no parent domain',
  ],
  [
    'two machines of a network',
    'https://192.168.0.1/',
    'https://10.0.0.1/a',
    'share no parent domain',
  ],
  ['two sites of IPv6', 'https://[2001:db8::1]/', 'https://[2001:db8::2]/a', 'no parent domain'],
  [
    'an agent without TLS, on another site, too',
    'https://www.example.com/',
    'http://api.example.net/a',
    'share no parent domain',
  ],
  [
    'one address of this machine',
    'http://127.0.0.1:5173/',
    'http://127.0.0.1:3000/a',
    'in the developer tools',
  ],
])('%s: the message says what to do', (_, page, agent, advice) => {
  const error = explainMissingCookies(page, agent)
  expect(error.code).toBe('cookies_not_stored')
  expectAdvice(error.message, advice)
})

it('names what the agent said, which may be that it could not read them', () => {
  const details = 'The session cookie is not readable.'
  const members = {
    operation: 'refresh',
    status: 401,
    agentCode: 'session_expired',
    details,
  } as const
  const cause = new TokenHandlerError('agent_configuration', 'refused', members)
  const error = explainMissingCookies('https://www.example.com/', 'https://api.example.com/', cause)
  expect(error).toMatchObject({
    ...members,
    code: 'cookies_not_stored',
    operation: 'endLogin',
    cause,
  })
  expect(error.message).toContain(`The agent: ${details}`)
  expectAdvice(error.message, 'the agent cannot read them')
})

// What the doctor says of two URLs before it sends anything.
import { expect, test } from 'vitest'
import { examinePlace } from '../../src/doctor/outside/examine-place.ts'

const codes = (agent: string, origin: string): readonly string[] =>
  examinePlace(`${agent}/oauth-agent`, origin).map(({ code }) => code)

test.each([
  ['https://api.example.com', 'https://www.example.com'],
  ['https://www.example.com', 'https://www.example.com'],
  ['https://api.shop.example.co.uk', 'https://example.co.uk'],
  ['http://api.app.localhost:3000', 'http://www.app.localhost:5173'],
  ['http://localhost:5173', 'http://localhost:5173'],
  ['https://10.0.0.1', 'https://10.0.0.1:8443'],
])('%s and %s are one site', (agent, origin) => {
  expect(codes(agent, origin)).toEqual([])
})

test.each([
  ['https://api.example.net', 'https://www.example.com'],
  // Both are below public suffixes: whoever wants can have a name there.
  ['https://agent.github.io', 'https://shop.github.io'],
  ['https://api.co.uk', 'https://shop.co.uk'],
  ['https://10.0.0.1', 'https://10.0.0.2'],
  ['http://127.0.0.1:3000', 'http://localhost:5173'],
])('%s and %s are two sites', (agent, origin) => {
  expect(codes(agent, origin)).toEqual(['other_site'])
})

test('a scheme of its own makes another site of the same name', () => {
  expect(codes('https://api.example.com', 'http://www.example.com')).toEqual(['scheme_mismatch'])
})

test('plain http keeps no secure cookies but on this machine', () => {
  expect(codes('http://api.example.com', 'http://www.example.com')).toEqual(['insecure_cookies'])
})

test('the mend names a host that would do', () => {
  const [finding] = examinePlace('https://agent.example.net/oauth-agent', 'https://www.example.com')
  expect(finding?.mend).toContain('api.example.com')
})

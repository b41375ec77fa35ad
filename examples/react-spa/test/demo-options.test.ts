// The demo's command line.
import { expect, test } from 'vitest'
import { help, readDemoOptions } from '../demo-options.ts'

test('without flags the demo uses the documented ports', () => {
  expect(readDemoOptions([], {})).toEqual({
    kind: 'start',
    ports: { spa: 5173, handler: 3000, authorizationServer: 4000, api: 3002, control: 3003 },
  })
})

test('a flag wins over its environment variable, and that over the default', () => {
  const environment = { SPA_PORT: '6000', HANDLER_PORT: '6001' }
  expect(readDemoOptions(['--spa-port', '7000'], environment)).toMatchObject({
    ports: { spa: 7000, handler: 6001, authorizationServer: 4000 },
  })
})

test('help is found behind the dashes that pnpm hands on', () => {
  expect(readDemoOptions(['--', '--help'], {})).toEqual({ kind: 'help' })
  expect(help).toContain('--authorization-server-port <port>')
})

test.each([
  [['--spa-port', 'http'], {}, '--spa-port must be a port'],
  [[], { API_PORT: '70000' }, 'API_PORT must be a port'],
  [['--spa-prot', '1'], {}, '--spa-prot'],
])('%j %j is refused by name', (args, environment, message) => {
  expect(() => readDemoOptions(args, environment)).toThrow(message)
})

// The types of the packages, in projects with other settings than this one's.
import { expect, test } from 'vitest'
import { createConsumer } from '../src/consumer.ts'

const app = `
import { createTokenHandlerClient, isTokenHandlerError } from '@token-handler/client'
import { createApi } from '@token-handler/client/ky'
import { createSilentLogin } from '@token-handler/client/silent-login'
import { createMockAgent } from '@token-handler/mock-agent'
import { mswHandlers } from '@token-handler/mock-agent/msw'

export const client = createTokenHandlerClient({ agentUrl: '/oauth-agent', apiUrls: ['/api/'] })
export const api = createApi(client, {})
export const silently = createSilentLogin(client)
export const isOurs: boolean = isTokenHandlerError(1)
const agent = createMockAgent({ agentUrl: '/oauth-agent', users: { alice: { claims: { sub: 'a' } } } })
export const handlers = mswHandlers(agent)
export const status: 'loading' | 'authenticated' | 'unauthenticated' | 'error' =
  client.getSnapshot().status
`

const withoutDom = `
import { createTokenHandlerClient } from '@token-handler/client'
import type { Fetch } from '@token-handler/client'
import { createMockAgent } from '@token-handler/mock-agent'

const agent = createMockAgent({ agentUrl: 'https://api.example.com/oauth-agent', users: {} })
export const send: Fetch = agent.fetch
export const client = createTokenHandlerClient({
  agentUrl: 'https://api.example.com/oauth-agent',
  apiUrls: [],
  platform: { fetch: send },
})
// @ts-expect-error -- a number is no URL; with a missing type anything would be
void client.fetch(5)
`

const undefinedOptions = `
import { createTokenHandlerClient } from '@token-handler/client'
import { createMockAgent } from '@token-handler/mock-agent'
import { ensureSession, RequireSession, TokenHandlerProvider } from '@token-handler/react'
import type { LoginOptions } from '@token-handler/client'

declare const env: {
  readonly path: string | undefined
  readonly isOn: boolean | undefined
  readonly seconds: number | undefined
  readonly login: LoginOptions | undefined
  readonly act: (() => void) | undefined
}
export const client = createTokenHandlerClient({
  agentUrl: '/oauth-agent',
  apiUrls: ['/api/'],
  claims: undefined,
  callbackPath: env.path,
  basePath: env.path,
  loggedInFlag: env.isOn,
  signedOutMaxAge: env.seconds,
  keepAlive: undefined,
  sessionExpiringBefore: env.seconds,
  profile: undefined,
  platform: undefined,
})
void client.login({ returnTo: env.path, appState: undefined, parameters: undefined })
void client.logout({ force: env.isOn })
void ensureSession(client, { returnTo: env.path, onSignedOut: env.act, preload: env.isOn })
createMockAgent({
  agentUrl: '/oauth-agent',
  users: { alice: { claims: {} } },
  signedIn: undefined,
  origin: env.path,
  redirectUri: env.path,
  accessTokenLifetime: env.seconds,
  storage: undefined,
})
export const App = () => (
  <TokenHandlerProvider client={client} initialSession={undefined} onReturn={undefined}>
    <RequireSession
      fallback={undefined}
      loading={undefined}
      error={undefined}
      onExpired={env.act}
      signIn={env.login}
    >
      <TokenHandlerProvider options={undefined} />
    </RequireSession>
  </TokenHandlerProvider>
)
`

const strict = { strict: true, noEmit: true, target: 'ES2022', types: [], skipLibCheck: true }
const dom = ['ES2022', 'DOM', 'DOM.Iterable']

interface Setting {
  readonly name: string
  readonly options: object
  readonly file?: string
  readonly code?: string
  readonly type?: 'module' | 'commonjs'
  readonly compiler?: string
}

const settings: readonly Setting[] = [
  { name: 'moduleResolution bundler', options: { module: 'esnext', moduleResolution: 'bundler' } },
  { name: 'module nodenext in a project of ES modules', options: { module: 'nodenext' } },
  {
    name: 'module nodenext in a project of CommonJS',
    options: { module: 'nodenext' },
    type: 'commonjs',
  },
  {
    name: 'moduleResolution node, of TypeScript 5',
    options: { module: 'esnext', moduleResolution: 'node' },
    compiler: 'typescript-5/bin/tsc',
  },
  {
    name: 'the types of Node instead of the DOM, and declarations checked',
    options: {
      module: 'nodenext',
      lib: ['ES2022', 'ESNext.Disposable'],
      types: ['node'],
      skipLibCheck: false,
    },
    code: withoutDom,
  },
  {
    name: 'exactOptionalPropertyTypes, and options that may be undefined',
    options: {
      module: 'esnext',
      moduleResolution: 'bundler',
      exactOptionalPropertyTypes: true,
      jsx: 'react-jsx',
    },
    file: 'app.tsx',
    code: undefinedOptions,
  },
]

test.each(settings)('an app compiles with $name', async (setting) => {
  const { name, options, file = 'app.ts', code = app, type = 'module' } = setting
  const compilerOptions = { lib: dom, ...strict, ...options }
  const consumer = await createConsumer(`typescript/${name.replaceAll(/\W+/g, '-')}`, {
    'package.json': JSON.stringify({ type }),
    'tsconfig.json': JSON.stringify({ compilerOptions, files: [file] }),
    [file]: code,
  })
  const { output } = await consumer.run(setting.compiler ?? 'typescript/bin/tsc', ['-p', '.'])
  expect(output).toBe('')
})

// The apps whose page loads are compared: each shows whether its user is signed in, by React.
import { earlySessionScript } from '@token-handler/client/early-session'

/** One app. */
export interface Subject {
  readonly name: string
  /** npm packages and their ranges, besides React, which every app has. */
  readonly packages: Readonly<Record<string, string>>
  /** Of the inline script in the page's head, if there is one. */
  readonly head?: string
  /** The app's modules; the page loads `main.js` and everything that it needs. `Show` and `mount` are in `./show.js`. */
  readonly modules: (issuer: string) => Readonly<Record<string, string>>
  /** What the app's own server answers, by path. */
  readonly answers: Readonly<Record<string, unknown>>
}

/** What every app shows, and how. */
export const show = `import { createRoot } from 'react-dom/client'
import { jsx } from 'react/jsx-runtime'
export { jsx }
export const Show = ({ name }) => jsx('p', { children: name ? 'Signed in: ' + name : 'Please wait' })
export const mount = (app) => createRoot(document.getElementById('root')).render(app)`

const ours = {
  packages: {},
  modules: () => ({
    'main.js': `import { createTokenHandlerClient } from '@token-handler/client'
import { TokenHandlerProvider, useSession } from '@token-handler/react'
import { jsx, mount, Show } from './show.js'
const client = createTokenHandlerClient()
const App = () => jsx(Show, { name: useSession().claims?.name })
mount(jsx(TokenHandlerProvider, { client, children: jsx(App, {}) }))`,
  }),
  answers: {
    '/oauth-agent/session': {
      is_logged_in: true,
      id_token_claims: { sub: 'alice', name: 'Alice', email: 'alice@example.com' },
      access_token_expires_in: 300,
      session_expires_in: 28_800,
    },
  },
} satisfies Partial<Subject>

/** The first is what the others are compared with. */
export const subjects: readonly Subject[] = [
  { name: '@token-handler/react, asking early', ...ours, head: earlySessionScript() },
  { name: '@token-handler/react', ...ours },
  {
    name: 'next-auth/react',
    packages: { 'next-auth': '4.24.15' },
    modules: () => ({
      'main.js': `import { SessionProvider, useSession } from 'next-auth/react'
import { jsx, mount, Show } from './show.js'
const App = () => jsx(Show, { name: useSession().data?.user?.name })
mount(jsx(SessionProvider, { children: jsx(App, {}) }))`,
    }),
    answers: {
      '/api/auth/session': {
        user: { name: 'Alice', email: 'alice@example.com' },
        expires: '2099-01-01T00:00:00.000Z',
      },
    },
  },
  {
    name: 'oidc-spa',
    packages: { 'oidc-spa': '10.2.11' },
    // As its guide says.
    modules: (issuer) => ({
      'main.js': `import { oidcEarlyInit } from 'oidc-spa/entrypoint'
const { shouldLoadApp } = oidcEarlyInit({ BASE_URL: '/' })
if (shouldLoadApp) void import('./app.js')`,
      'app.js': `import { createOidc } from 'oidc-spa/core'
import { jsx, mount, Show } from './show.js'
import { useEffect, useState } from 'react'
const starting = createOidc({ issuerUri: '${issuer}', clientId: 'bench' })
function App() {
  const [name, setName] = useState()
  useEffect(() => {
    starting.then((oidc) => oidc.isUserLoggedIn && setName(oidc.getDecodedIdToken().name))
  }, [])
  return jsx(Show, { name })
}
mount(jsx(App, {}))`,
    }),
    answers: {},
  },
]

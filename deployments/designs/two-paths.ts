// Two apps of different making at two paths of one origin, with one session.
import type { Design } from '../src/design.ts'
import { oneOriginCosts } from './shapes.ts'

export const twoPaths: Design = {
  name: 'two-paths',
  title: 'Two apps, one origin',
  purpose: 'Apps of different teams or frameworks that users take for one website.',
  hosts: [
    {
      name: 'www',
      places: [
        { path: '/oauth-agent', kind: 'handler' },
        { path: '/api', kind: 'handler' },
        {
          path: '/account',
          kind: 'app',
          app: {
            name: 'Account',
            source: 'plain',
            tenant: 'site',
            links: [{ host: 'www', path: '/', name: 'Shop' }],
          },
        },
        {
          path: '/',
          kind: 'app',
          app: {
            name: 'Shop',
            source: 'react',
            tenant: 'site',
            links: [{ host: 'www', path: '/account/', name: 'Account' }],
          },
        },
      ],
    },
  ],
  tenants: [
    {
      id: 'site',
      agentPath: '/oauth-agent',
      apiPath: '/api',
      // One page of the origin ends the sign-ins of both.
      pages: [{ host: 'www', callbackPath: '/callback' }],
    },
  ],
  start: { host: 'www', path: '/' },
  costs: oneOriginCosts,
}

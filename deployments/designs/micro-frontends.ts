// Two origins of one site that share a session at one agent.
import type { Design } from '../src/design.ts'
import { otherHostCosts } from './shapes.ts'

export const microFrontends: Design = {
  name: 'micro-frontends',
  title: 'Micro-frontends on two origins',
  purpose:
    'Parts of one product that are deployed to hosts of their own, with one sign-in for all.',
  hosts: [
    {
      name: 'shop',
      places: [
        {
          path: '/',
          kind: 'app',
          app: {
            name: 'Shop',
            source: 'react',
            tenant: 'site',
            isShared: true,
            links: [{ host: 'account', path: '/', name: 'Account' }],
          },
        },
      ],
    },
    {
      name: 'account',
      places: [
        {
          path: '/',
          kind: 'app',
          app: {
            name: 'Account',
            source: 'plain',
            tenant: 'site',
            isShared: true,
            links: [{ host: 'shop', path: '/', name: 'Shop' }],
          },
        },
      ],
    },
    { name: 'api', places: [{ path: '/', kind: 'handler' }] },
  ],
  tenants: [
    {
      id: 'site',
      host: 'api',
      agentPath: '/oauth-agent',
      apiPath: '/api',
      pages: [
        { host: 'shop', callbackPath: '/callback' },
        { host: 'account', callbackPath: '/callback' },
      ],
    },
  ],
  start: { host: 'shop', path: '/' },
  costs: otherHostCosts,
}

// Two apps, each with an API host of its own.
import type { Design } from '../src/design.ts'

export const ownApiHosts: Design = {
  name: 'own-api-hosts',
  title: 'An API host per app',
  purpose: 'Several apps that must not be able to use the sessions of each other.',
  hosts: [
    {
      name: 'shop',
      places: [{ path: '/', kind: 'app', app: { name: 'Shop', source: 'react', tenant: 'shop' } }],
    },
    {
      name: 'admin',
      places: [
        { path: '/', kind: 'app', app: { name: 'Admin', source: 'plain', tenant: 'admin' } },
      ],
    },
    { name: 'api-shop', places: [{ path: '/', kind: 'handler' }] },
    { name: 'api-admin', places: [{ path: '/', kind: 'handler' }] },
  ],
  tenants: [
    {
      id: 'shop',
      host: 'api-shop',
      agentPath: '/oauth-agent',
      apiPath: '/api',
      pages: [{ host: 'shop', callbackPath: '/callback' }],
    },
    {
      id: 'admin',
      host: 'api-admin',
      agentPath: '/oauth-agent',
      apiPath: '/api',
      pages: [{ host: 'admin', callbackPath: '/callback' }],
    },
  ],
  start: { host: 'shop', path: '/' },
  costs: { firstLoad: 5, firstLoadPreflights: 1, laterLoad: 2, callPreflights: 1 },
}

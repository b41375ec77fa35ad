// An app of static files on a content delivery network.
import type { Design } from '../src/design.ts'

export const staticHosting: Design = {
  name: 'static-hosting',
  title: 'Static files on a CDN',
  purpose: 'Web content near its users, and no server for it.',
  hosts: [
    {
      name: 'www',
      places: [{ path: '/', kind: 'app', app: { name: 'Shop', source: 'plain', tenant: 'shop' } }],
    },
    { name: 'api', places: [{ path: '/', kind: 'handler' }] },
  ],
  tenants: [
    {
      id: 'shop',
      host: 'api',
      agentPath: '/oauth-agent',
      apiPath: '/api',
      pages: [{ host: 'www', callbackPath: '/callback' }],
    },
  ],
  start: { host: 'www', path: '/' },
  costs: { firstLoad: 5, firstLoadPreflights: 1, laterLoad: 2, callPreflights: 1 },
}

// The app on one host, agent and API on another one of the same site.
import type { Design } from '../src/design.ts'

export const apiSubdomain: Design = {
  name: 'api-subdomain',
  title: 'API on a subdomain',
  purpose: 'Web content and APIs are deployed, and scaled, by themselves.',
  hosts: [
    {
      name: 'www',
      places: [{ path: '/', kind: 'app', app: { name: 'Shop', source: 'react', tenant: 'shop' } }],
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

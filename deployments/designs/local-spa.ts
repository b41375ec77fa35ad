// An app on the machine of its developer, in front of a deployed handler.
import type { Design } from '../src/design.ts'

export const localSpa: Design = {
  name: 'local-spa',
  title: 'Local app, deployed handler',
  purpose: 'Web developers who run nothing but a web host and a browser.',
  hosts: [
    {
      name: 'local',
      machine: 'developer',
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
      pages: [{ host: 'local', callbackPath: '/callback' }],
    },
  ],
  start: { host: 'local', path: '/' },
  costs: { firstLoad: 5, firstLoadPreflights: 1, laterLoad: 2, callPreflights: 1 },
}

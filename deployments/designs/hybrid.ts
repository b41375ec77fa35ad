// A server renders pages for who is signed in, and the browser goes on.
import type { Design } from '../src/design.ts'

export const hybrid: Design = {
  name: 'hybrid',
  title: 'Hybrid: pre-rendered pages',
  purpose: 'Pages that have to be there, and right, before any script runs.',
  hosts: [
    {
      name: 'www',
      places: [
        { path: '/oauth-agent', kind: 'handler' },
        { path: '/api', kind: 'handler' },
        { path: '/', kind: 'web-host' },
      ],
    },
  ],
  tenants: [
    {
      id: 'shop',
      agentPath: '/oauth-agent',
      apiPath: '/api',
      pages: [{ host: 'www', callbackPath: '/callback' }],
    },
  ],
  start: { host: 'www', path: '/' },
  costs: { firstLoad: 4, firstLoadPreflights: 0, laterLoad: 2, callPreflights: 0 },
}

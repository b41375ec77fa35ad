// A server renders pages for who is signed in, and the browser goes on.
import type { Design } from '../src/design.ts'
import { oneOriginCosts, tenantOf } from './shapes.ts'

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
  tenants: [tenantOf('shop', 'www')],
  start: { host: 'www', path: '/' },
  costs: oneOriginCosts,
}

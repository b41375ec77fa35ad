// App, agent and API on one origin.
import type { Design } from '../src/design.ts'
import { oneOriginCosts, tenantOf } from './shapes.ts'

export const sameOrigin: Design = {
  name: 'same-origin',
  title: 'Same origin',
  purpose: 'One app behind a reverse proxy or CDN that can route by path.',
  hosts: [
    {
      name: 'www',
      places: [
        { path: '/oauth-agent', kind: 'handler' },
        { path: '/api', kind: 'handler' },
        { path: '/', kind: 'app', app: { name: 'Shop', source: 'react', tenant: 'shop' } },
      ],
    },
  ],
  tenants: [tenantOf('shop', 'www')],
  start: { host: 'www', path: '/' },
  costs: oneOriginCosts,
}

// The app on one host, agent and API on another one of the same site.
import type { Design } from '../src/design.ts'
import { otherHostCosts, tenantOf } from './shapes.ts'

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
  tenants: [tenantOf('shop', 'www', 'api')],
  start: { host: 'www', path: '/' },
  costs: otherHostCosts,
}

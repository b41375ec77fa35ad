// An app of static files on a content delivery network.
import type { Design } from '../src/design.ts'
import { otherHostCosts, tenantOf } from './shapes.ts'

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
  tenants: [tenantOf('shop', 'www', 'api')],
  start: { host: 'www', path: '/' },
  costs: otherHostCosts,
}

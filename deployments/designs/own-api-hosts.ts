// Two apps, each with an API host of its own.
import type { Design } from '../src/design.ts'
import { otherHostCosts, tenantOf } from './shapes.ts'

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
  tenants: [tenantOf('shop', 'shop', 'api-shop'), tenantOf('admin', 'admin', 'api-admin')],
  start: { host: 'shop', path: '/' },
  costs: otherHostCosts,
}

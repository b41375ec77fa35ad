// Two apps whose agents and routes are below paths of one API host.
import type { Design } from '../src/design.ts'
import { otherHostCosts } from './shapes.ts'

export const perPath: Design = {
  name: 'per-path',
  title: 'One API host, a path per app',
  purpose: 'Several apps, and no way to get more host names for APIs.',
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
    { name: 'api', places: [{ path: '/', kind: 'handler' }] },
  ],
  tenants: [
    {
      id: 'shop',
      host: 'api',
      path: '/shop',
      prefix: '__Host-Http-shop',
      agentPath: '/shop/oauth-agent',
      apiPath: '/shop/api',
      pages: [{ host: 'shop', callbackPath: '/callback' }],
    },
    {
      id: 'admin',
      host: 'api',
      path: '/admin',
      prefix: '__Host-Http-admin',
      agentPath: '/admin/oauth-agent',
      apiPath: '/admin/api',
      pages: [{ host: 'admin', callbackPath: '/callback' }],
    },
  ],
  start: { host: 'shop', path: '/' },
  costs: otherHostCosts,
}

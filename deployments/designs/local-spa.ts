// An app on the machine of its developer, in front of a deployed handler.
import type { Design } from '../src/design.ts'
import { otherHostCosts, tenantOf } from './shapes.ts'

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
  tenants: [tenantOf('shop', 'local', 'api')],
  start: { host: 'local', path: '/' },
  costs: otherHostCosts,
}
